// SPDX-License-Identifier: MIT
// What others' programs make of the pictures: Graphviz, and an XML parser.
#include "program.hpp"
#include "redis/temporary_directory.hpp"
#include "sample_machines.hpp"
#include <cloakroom/text.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using diagrams::generated_machine;

std::string contents(const std::filesystem::path& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void write(const std::filesystem::path& path, std::string_view text) {
    std::ofstream{path} << text;
}

/// As it stands in an SVG file, whichever references it has there.
std::string plain(std::string text) {
    const std::pair<std::string_view, std::string_view> references[] = {
        {"&#45;", "-"},   {"&#160;", " "}, {"&lt;", "<"}, {"&gt;", ">"},
        {"&quot;", "\""}, {"&#39;", "'"},  {"&amp;", "&"}};
    for (const auto& [reference, character] : references) {
        for (std::size_t at = text.find(reference); at != std::string::npos;
             at = text.find(reference, at + 1)) {
            text.replace(at, reference.size(), character);
        }
    }
    return text;
}

/// What `dot` draws of a machine.
std::string drawn_by_dot(const machine_diagram& diagram) {
    const redis::temporary_directory directory;
    const auto graph = directory.path() / "machine.dot";
    const auto picture = directory.path() / "machine.svg";
    write(graph, diagram.graphviz(diagram.states().front().name));
    const int status = run_program({"dot", "-Tsvg", "-o", picture.string(), graph.string()},
                                   directory.path() / "log");
    EXPECT_EQ(status, 0) << (status == -1 || status == 127
                                 ? "dot, of Graphviz, is not there: run scripts/setup"
                                 : contents(directory.path() / "log"));
    EXPECT_EQ(contents(directory.path() / "log"), "");
    return plain(contents(picture));
}

TEST(MachineDiagram, IsDrawnByGraphviz) {
    std::vector<machine_diagram> machines{diagrams::checkout(), diagrams::awkward()};
    machines.push_back(generated_machine{20, 7}.diagram());
    for (const machine_diagram& each : machines) {
        const std::string picture = drawn_by_dot(each);
        for (const diagram_state& state : each.states()) {
            EXPECT_NE(picture.find('>' + state.name + "</text>"), std::string::npos)
                << each.name() << ": " << state.name;
        }
        for (const diagram_transition& transition : each.transitions()) {
            EXPECT_NE(picture.find(transition.event), std::string::npos)
                << each.name() << ": " << transition.event;
        }
    }
}

TEST(MachineDiagram, IsWellFormedXml) {
    const redis::temporary_directory directory;
    std::vector<std::string> words{"python3", "-c",
                                   "import sys, xml.etree.ElementTree as xml\n"
                                   "for name in sys.argv[1:]: xml.parse(name)"};
    const auto add = [&](const machine_diagram& diagram) {
        words.push_back(directory.path() / (std::to_string(words.size()) + ".svg"));
        write(words.back(), diagram.svg(diagram.states().back().name));
    };
    add(diagrams::checkout());
    add(diagrams::awkward());
    add({"<\"'&]]>\x01\xFF", {{"\xED\xA0\x80\x0B"}}, {}});
    for (std::uint32_t seed = 0; seed < 10; ++seed) {
        add(generated_machine{12, seed}.diagram());
    }

    EXPECT_EQ(run_program(words, directory.path() / "log"), 0)
        << contents(directory.path() / "log");
}

}  // namespace
}  // namespace cloakroom
