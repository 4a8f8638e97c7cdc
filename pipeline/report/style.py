"""How the report looks: on a bright and on a dark screen, on a phone, and on A4 paper."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --ink: #17232a; --soft: #4d5b63; --line: #d8dedb; --ground: #fff; --raised: #f5f8f7;
  --warn: #fdf3dc; --bar: #1c8f8b; --told: #d9760c; --quiet: #8a93a3; --mark: #17232a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eeed; --soft: #b3c0c0; --line: #36454a; --ground: #12191b;
  --raised: #1a2427; --warn: #332a14; --bar: #2fb0ab; --told: #f08c1a; --quiet: #8a93a3; --mark: #fff; } }
* { box-sizing: border-box; }
body { max-width: 64rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 0 0 .8rem; font-size: 1.3rem; }
h3 { margin: 1.4rem 0 .5rem; font-size: 1.02rem; }
.bar-title { margin: 0 0 .2rem; font-size: .88rem; font-weight: 600; }
section { margin-top: 2.2rem; padding-top: 1.4rem; border-top: 1px solid var(--line); }
a { color: inherit; }
.lead, figcaption, caption, .note { color: var(--soft); }
.lead { margin: .3rem 0 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; margin: 1rem 0 0; padding: 0; list-style: none; }
figure { margin: 0; }
figcaption { margin-top: .5rem; font-size: .88rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11.5rem, 1fr)); gap: .8rem;
  margin: 1.6rem 0 0; }
.figures div, .card { padding: .8rem 1rem; border: 1px solid var(--line); border-radius: 10px;
  background: var(--raised); }
.figures dt, .figures dd { margin: 0; font-size: .88rem; color: var(--soft); }
.figures .figure { font-size: 1.6rem; line-height: 1.3; color: var(--ink); }
.cards, .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 1rem 2rem; }
.card h3 { margin: 0 0 .3rem; }
.card p { margin: 0; }
.insights { padding-left: 1.2rem; }
.insights li { margin-top: .9rem; break-inside: avoid; }
.insights p { margin: 0; }
.warned { padding: .4rem 1rem; border-radius: 10px; background: var(--warn); }
.swatch { display: inline-block; width: .7em; height: .7em; margin-right: .45em; border-radius: 50%; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: 0 0 .4rem; font-size: .9rem; }
.bars { display: grid; grid-template-columns: fit-content(12rem) minmax(3rem, 1fr) auto; gap: 0 .8rem;
  margin: 0 0 .4rem; padding: 0; list-style: none; }
.bars li { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; align-items: center;
  padding: .14rem 0; font-size: .9rem; }
.bar-group .bars { grid-template-columns: 9.5rem minmax(3rem, 1fr) minmax(7.2rem, auto); }
.bar-groups { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 1rem 2rem; }
.bar-group { break-inside: avoid; }
.bar-figure { text-align: right; font-variant-numeric: tabular-nums; }
.track { position: relative; height: .95rem; border-radius: 4px; background: var(--raised); }
.fill { display: block; height: 100%; min-width: 2px; border-radius: 4px; background: var(--bar); }
.fill.predicted { background: var(--told); }
.fill.same_as_last_period { background: var(--quiet); }
.spread span { position: absolute; border-radius: 3px; }
.spread .thin { top: .38rem; height: .2rem; opacity: .55; }
.spread .thick { top: .12rem; height: .72rem; }
.spread .mark { top: 0; height: .95rem; width: 3px; margin-left: -1px; background: var(--mark);
  outline: 1px solid var(--ground); }
.scale { position: relative; height: 1.2rem; font-size: .8rem; color: var(--soft); }
.scale span { position: absolute; transform: translateX(-50%); }
.scale .first { transform: none; }
.scale .last { transform: translateX(-100%); }
.plot { display: block; overflow: visible; }
.plot-box { padding-left: 3.4rem; }
.plot line { stroke: var(--line); }
.plot text { fill: var(--soft); font-size: 12px; }
.bands text { fill: var(--ink); font-weight: 600; paint-order: stroke; stroke: var(--ground); stroke-width: 3px;
  stroke-linejoin: round; }
.columns { fill: var(--bar); }
.wide { overflow-x: auto; margin-top: .6rem; }
table { width: 100%; border-collapse: collapse; font-size: .88rem; }
caption { padding-bottom: .3rem; text-align: left; }
th, td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.words { min-width: 7.5rem; }
.heat td { padding: .35rem .8rem; }
.heat .num { white-space: normal; }
.segment { white-space: nowrap; }
details { margin-top: .8rem; }
summary { cursor: pointer; font-weight: 600; }
.fixed, .manifest { overflow-wrap: anywhere; font: .8rem/1.5 ui-monospace, Menlo, Consolas, monospace; }
td .fixed { display: block; max-width: 38rem; white-space: pre-wrap; }
.manifest { max-height: 30rem; overflow: auto; padding: 1rem; border-radius: 10px; background: var(--raised);
  white-space: pre-wrap; }
@media (max-width: 36rem) {
  .bars, .bar-group .bars { grid-template-columns: 1fr auto; }
  .bars .track, .bars .scale { grid-row: 2; grid-column: 1 / -1; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --line: #ccc; --ground: #fff; --raised: #f4f4f4;
    --warn: #f6f0e0; --bar: #1c8f8b; --told: #d9760c; --mark: #000; }
  @page { size: A4; margin: 15mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  nav, details:not([open]) { display: none; }
  section { margin-top: 1.2rem; padding-top: .8rem; }
  .figures { grid-template-columns: repeat(4, 1fr); }
  .figures .figure { font-size: 1.25rem; }
  .bar-groups, .cards, .pair { grid-template-columns: 1fr 1fr; }
  .pair .bar-groups { grid-template-columns: 1fr; }
  .bar-group .bars { grid-template-columns: 8.2rem minmax(2rem, 1fr) auto; }
  h2, h3 { break-after: avoid; }
  figure, tr, .card, .figures div, .warned { break-inside: avoid; }
  .wide { overflow: visible; }
  table { font-size: 8.5pt; }
  .track, .fill, .swatch, .heat td, .bands, .spread span { print-color-adjust: exact;
    -webkit-print-color-adjust: exact; }
}
"""
