// SPDX-License-Identifier: MIT
#include "machine/diagram_arrows.hpp"
#include "machine/diagram_layout.hpp"
#include "machine/diagram_sizes.hpp"
#include "machine/svg_text.hpp"
#include <cloakroom/machine_diagram.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>

namespace cloakroom {
namespace {

using diagrams::append_attribute;
using diagrams::append_point;
using diagrams::append_text;
using diagrams::arrow;
using diagrams::arrow_line;
using diagrams::box;
using diagrams::layout;
using diagrams::placed_arrow;
using diagrams::point;

// What attributes cannot say. All else is attributes, which a Content-Security-Policy without
// inline styles lets through. A selector names the class, since in a page styles hold for all of it.
constexpr std::string_view style =
    "<style>"
    ".cloakroom-machine{max-width:100%;height:auto}"
    ".cloakroom-machine:root{color:#1f2328;background:#fff}"
    "@media (prefers-color-scheme:dark){.cloakroom-machine:root{color:#e6edf3;background:#0d1117}}"
    ".cloakroom-machine .arrow:hover{stroke-opacity:1;stroke-width:2.4}"
    "</style>\n";

/// Can be told from black and from white.
constexpr std::string_view accent = "#2f81f7";

/// What no other picture in a page has, unless it is the same.
std::string id_of(const machine_diagram& diagram, std::string_view current) {
    std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
    for (const char each : diagram.mermaid(current)) {
        hash = (hash ^ static_cast<unsigned char>(each)) * 0x100000001b3U;
    }
    char digits[16];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, hash, 16);
    return "cloakroom-" + std::string{digits, end};
}

/// Draws one picture.
class drawing {
public:
    drawing(const machine_diagram& diagram, std::string_view current)
        : diagram_(diagram),
          arrows_(diagrams::arrows_of(diagram)),
          placed_(diagrams::layout_of(diagram, arrows_)),
          current_(diagrams::state_index(diagram, current)),
          id_(id_of(diagram, current)) {}

    std::string svg() {
        begin();
        describe();
        out_ += style;
        draw_dots();
        out_ +=
            "<g fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.4\" "
            "stroke-opacity=\".7\">\n";
        for (const placed_arrow& each : placed_.arrows) {
            draw_arrow(each);
        }
        out_ += "</g>\n";
        for (std::size_t state = 0; state < placed_.states.size(); ++state) {
            draw_state(state);
        }
        out_ += "</svg>\n";
        return std::move(out_);
    }

private:
    void begin() {
        out_ +=
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"cloakroom-machine\" "
            "role=\"img\" aria-labelledby=\"" +
            id_ + "-title " + id_ + "-desc\"";
        append_attribute(out_, "width", std::ceil(placed_.width));
        append_attribute(out_, "height", std::ceil(placed_.height));
        out_ += " viewBox=\"0 0 ";
        append_point(out_, {std::ceil(placed_.width), std::ceil(placed_.height)});
        out_ +=
            "\" font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans "
            "Mono', 'Liberation Mono', monospace\"";
        append_attribute(out_, "font-size", diagrams::sizes::text_font);
        out_ += ">\n";
    }

    void describe() {
        out_ += "<title id=\"" + id_ + "-title\">";
        append_text(out_, diagram_.name());
        if (current_ < diagram_.states().size()) {
            out_ += ", current state: ";
            append_text(out_, diagram_.states()[current_].name);
        }
        out_ += "</title>\n<desc id=\"" + id_ + "-desc\">A state machine. It begins in ";
        append_text(out_, diagram_.states()[0].name);
        out_ += '.';
        for (const arrow& each : arrows_) {
            for (const arrow_line& line : each.lines) {
                out_ += " From ";
                append_sentence(each, line);
                out_ += '.';
            }
        }
        for (const diagram_state& each : diagram_.states()) {
            if (each.is_final) {
                out_ += " It ends in ";
                append_text(out_, each.name);
                out_ += '.';
            }
        }
        out_ += "</desc>\n";
    }

    void append_sentence(const arrow& each, const arrow_line& line) {
        append_text(out_, diagram_.states()[each.from].name);
        out_ += " to ";
        append_text(out_, diagram_.states()[each.to].name);
        out_ += ": ";
        append_text(out_, line.event);
        out_ += line.note;
    }

    void append_circle(point center, double radius) {
        out_ += "<circle";
        append_attribute(out_, "cx", center.x);
        append_attribute(out_, "cy", center.y);
        append_attribute(out_, "r", radius);
        out_ += "/>";
    }

    void draw_dots() {
        out_ += "<g fill=\"currentColor\">";
        append_circle(placed_.beginning, diagrams::sizes::beginning_radius);
        for (const auto& [state, center] : placed_.endings) {
            append_circle(center, diagrams::sizes::ending_radius - 3.5);
        }
        out_ += "</g>\n<g fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.4\">";
        for (const auto& [state, center] : placed_.endings) {
            append_circle(center, diagrams::sizes::ending_radius - 0.7);
        }
        out_ += "</g>\n";
    }

    void draw_arrow(const placed_arrow& each) {
        out_ += "<g class=\"arrow\">";
        const bool is_dashed = each.arrow && arrows_[*each.arrow].is_conditional;
        if (each.arrow) {
            const arrow& labelled = arrows_[*each.arrow];
            out_ += "<title>";
            for (std::size_t line = 0; line < labelled.lines.size(); ++line) {
                out_ += line > 0 ? "; " : "";
                append_sentence(labelled, labelled.lines[line]);
            }
            out_ += "</title>";
        }
        out_ += is_dashed ? "<path stroke-dasharray=\"5 4\" d=\"M" : "<path d=\"M";
        append_point(out_, each.path.front().begin);
        for (const diagrams::curve& part : each.path) {
            if (diagrams::is_straight(part)) {
                out_ += 'L';
            } else {
                out_ += 'C';
                append_point(out_, part.leaving);
                out_ += ' ';
                append_point(out_, part.arriving);
                out_ += ' ';
            }
            append_point(out_, part.end);
        }
        out_ += "\"/>";
        draw_head(each);
        if (each.arrow) {
            draw_lines(arrows_[*each.arrow], each);
        }
        out_ += "</g>\n";
    }

    void draw_head(const placed_arrow& each) {
        const point tip = each.tip;
        const point base = each.path.back().end;
        const double width = diagrams::sizes::head_half_width / diagrams::sizes::head_length;
        const point across{(base.y - tip.y) * width, (tip.x - base.x) * width};
        out_ += "<path fill=\"currentColor\" fill-opacity=\".8\" stroke=\"none\" d=\"M";
        append_point(out_, each.tip);
        out_ += 'L';
        append_point(out_, {base.x + across.x, base.y + across.y});
        out_ += 'L';
        append_point(out_, {base.x - across.x, base.y - across.y});
        out_ += "Z\"/>";
    }

    void draw_lines(const arrow& labelled, const placed_arrow& placed) {
        const bool ends = placed.is_text_at_left;
        out_ += "<g fill=\"currentColor\" stroke=\"none\"";
        out_ += ends ? " text-anchor=\"end\">" : ">";
        double baseline = placed.text.top + 12;
        for (const arrow_line& line : labelled.lines) {
            out_ += "<text";
            append_attribute(out_, "x", ends ? placed.text.right : placed.text.left);
            append_attribute(out_, "y", baseline);
            out_ += '>';
            append_text(out_, line.event);
            if (!line.note.empty()) {
                out_ += "<tspan fill-opacity=\".75\">" + line.note + "</tspan>";
            }
            out_ += "</text>";
            baseline += diagrams::sizes::text_line_height;
        }
        out_ += "</g>";
    }

    void draw_box(const box& state, double outset, std::string_view attributes) {
        out_ += "<rect";
        append_attribute(out_, "x", state.left - outset);
        append_attribute(out_, "y", state.top - outset);
        append_attribute(out_, "width", state.right - state.left + 2 * outset);
        append_attribute(out_, "height", state.bottom - state.top + 2 * outset);
        append_attribute(out_, "rx", 10 + outset);
        out_ += attributes;
        out_ += "/>";
    }

    void draw_state(std::size_t state) {
        const std::string& name = diagram_.states()[state].name;
        const box& outline = placed_.states[state];
        const bool is_current = state == current_;
        out_ += is_current ? "<g class=\"state current\" aria-current=\"true\"><title>"
                           : "<g class=\"state\"><title>";
        append_text(out_, name);
        out_ += is_current ? " (current)</title>" : "</title>";
        const std::string colour{is_current ? accent : "currentColor"};
        draw_box(outline, 0,
                 " fill=\"" + colour + "\" stroke=\"" + colour +
                     (is_current ? "\" fill-opacity=\".28\" stroke-width=\"3\""
                                 : "\" fill-opacity=\".05\" stroke-opacity=\".7\" "
                                   "stroke-width=\"1.4\""));
        out_ += "<text text-anchor=\"middle\" fill=\"currentColor\"";
        append_attribute(out_, "font-size", diagrams::sizes::name_font);
        append_attribute(out_, "x", (outline.left + outline.right) / 2);
        append_attribute(out_, "y", (outline.top + outline.bottom) / 2 + 5);
        out_ += is_current ? " font-weight=\"700\">" : ">";
        append_text(out_, name);
        out_ += "</text></g>\n";
    }

    const machine_diagram& diagram_;
    const std::vector<arrow> arrows_;
    const layout placed_;
    const std::size_t current_;
    const std::string id_;
    std::string out_;
};

}  // namespace

std::string machine_diagram::svg(std::string_view current) const {
    return drawing{*this, current}.svg();
}

}  // namespace cloakroom
