// SPDX-License-Identifier: MIT
// The shop's style sheet and its script. All works without the script.
#pragma once

#include <string_view>

namespace shop {

inline constexpr std::string_view style_sheet = R"(
:root { --ground: #f6f4ef; --card: #fff; --text: #26221c; --quiet: #6f675b; --line: #e0dacd;
        --accent: #7a2e1d; --on-accent: #fff; --alert: #fbe6e0; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #191714; --card: #24211d; --text: #ece6db; --quiet: #a89f90; --line: #3a352e;
          --accent: #e2906f; --on-accent: #1d120c; --alert: #43241b; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
       font: 1rem/1.5 system-ui, sans-serif; }
header, main { max-width: 74rem; margin: 0 auto; padding: 0 1.5rem; }
header { display: flex; flex-wrap: wrap; gap: .5rem 2rem; align-items: baseline;
         justify-content: space-between; padding-top: 1.25rem; }
.brand { font: italic 1.35rem Georgia, serif; color: inherit; text-decoration: none; }
.steps { display: flex; flex-wrap: wrap; gap: 1.25rem; margin: 0; padding: 0; list-style: none;
         color: var(--quiet); font-size: .9rem; }
.steps [aria-current] { color: var(--accent); font-weight: 600;
                        border-bottom: 2px solid var(--accent); }
h1 { font: 2rem/1.2 Georgia, serif; margin: 1.75rem 0 1.25rem; }
h2 { font-size: 1rem; margin: 0; }
.columns { display: grid; grid-template-columns: 1fr 25rem; gap: 2rem; align-items: start; }
.goods { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 1rem;
         margin: 0; padding: 0; list-style: none; }
.goods li, .card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
                   padding: 1.25rem; }
.goods li { display: flex; flex-direction: column; }
.goods p { margin: .25rem 0; color: var(--quiet); font-size: .9rem; flex: 1; }
.goods .price { color: var(--text); font-weight: 600; flex: 0; }
.picture { width: 4.5rem; margin: 0 auto .75rem; fill: none; stroke: var(--accent);
           stroke-width: 1.5; stroke-linejoin: round; stroke-linecap: round; }
.card > :first-child { margin-top: 0; }
.card > :last-child { margin-bottom: 0; }
.quiet { color: var(--quiet); }
.alert { background: var(--alert); border-radius: .5rem; padding: .6rem .9rem; margin-top: 0; }
.lines { width: 100%; border-collapse: collapse; margin: .5rem 0 1rem; }
.lines td { padding: .3rem 0; border-bottom: 1px solid var(--line); }
.lines td:first-child { color: var(--quiet); white-space: nowrap; padding-right: .75rem;
                        width: 1%; }
.lines .sum { text-align: right; font-variant-numeric: tabular-nums; }
.lines td:nth-child(4) { text-align: right; padding-left: .75rem; width: 1%; }
.lines .total td { border: 0; font-weight: 600; }
fieldset { border: 0; margin: 1rem 0; padding: 0; }
legend { font-weight: 600; padding: 0; margin-bottom: .25rem; }
label { display: flex; gap: .6rem; align-items: first baseline; padding: .2rem 0; cursor: pointer; }
input[type=radio] { accent-color: var(--accent); flex: none; }
button, .button { font: inherit; cursor: pointer; border-radius: .5rem; padding: .5rem 1rem;
                  border: 1px solid var(--accent); display: inline-block; text-decoration: none; }
button.main, .button { background: var(--accent); color: var(--on-accent); font-weight: 600; }
.card > form > button.main { width: 100%; }
button.plain { background: none; color: var(--accent); }
.goods button { width: 100%; }
button.link { background: none; border: 0; padding: .25rem 0; color: var(--quiet);
              text-decoration: underline; font-size: .9rem; }
button:hover, .button:hover { filter: brightness(1.1); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.receipt .number { font: 2.25rem Georgia, serif; margin: -1rem 0 1rem; }
.machine { color: var(--quiet); font-size: .9rem; }
.card + .machine { margin-top: 2rem; }
.machine svg { max-width: 100%; height: auto; display: block; margin: .75rem auto;
               color: var(--text); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.asking button { display: none; }
.asking form { height: 3px; border-radius: 2px; background: var(--line); overflow: hidden; }
.asking form::before { content: ""; display: block; height: 100%; width: 30%;
                       background: var(--accent); animation: slide 1.2s infinite alternate; }
@keyframes slide { to { margin-left: 70%; } }
@media (prefers-reduced-motion: reduce) { .asking form::before { animation: none; } }
@media (max-width: 58rem) {
  .columns { grid-template-columns: 1fr; }
  .goods { grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); }
}
)";

inline constexpr std::string_view script = R"(
// A page that the browser kept may be out of date.
addEventListener("pageshow", event => { if (event.persisted) location.reload(); });

// The second click of a double click is none. (It would do no harm.)
addEventListener("submit", event => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});

// The payment is asked for by itself, again and again while the answer is a failure, or none.
async function askForPayment(form, say) {
  for (let pause = 500; ; pause = Math.min(2 * pause, 8000)) {
    try {
      const answer = await fetch(form.action,
                                 {method: "POST", body: new URLSearchParams(new FormData(form))});
      if (answer.ok) return location.replace(answer.url);  // where the redirect led
      if (answer.status < 500) return form.submit();  // has a page that says why
      say("The payment service has not answered yet. Asking again cannot charge you twice.");
    } catch {
      say("The shop does not answer. Nothing is lost: this page asks again.");
    }
    await new Promise(done => setTimeout(done, pause));
  }
}

const payment = document.querySelector("#payment");
if (payment) {
  payment.classList.add("asking");
  const progress = document.querySelector("#progress");
  askForPayment(payment.querySelector("form"), text => { progress.textContent = text; });
}
)";

}  // namespace shop
