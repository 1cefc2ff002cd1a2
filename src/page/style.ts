/**
 * The style sheet of a page. Host colours are Okabe and Ito's, which colour-blind people can tell apart; the stages of an outage go from
 * dark to light in the order in which they pass; what is bad has a hatching besides its colour, and everything has its name in it.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b2129; --dim: #5a6472; --rule: #d5dbe3; --grid: #e6eaef; --soft: #f4f6f8; --link: #0b5cad;
  --good: #00694c; --bad: #b23a00; --backup: #e3e8ee; --running: #c9d2dc; --answered: #b9e2d3; --lost: #d55e00; --step: #8a3ffc;
  --h1: #0072b2; --h1-ink: #ffffff; --h2: #e69f00; --h2-ink: #1b2129; --h3: #009e73; --h3-ink: #0d1014; --h4: #cc79a7; --h4-ink: #1b2129;
  --h5: #56b4e9; --h5-ink: #1b2129; --h6: #f0e442; --h6-ink: #1b2129; --h0: #8d98a6; --h0-ink: #0d1014;
  --names: clamp(170px, 17vw, 270px);
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181d; --ink: #e4e8ed; --dim: #9aa5b3; --rule: #39424d; --grid: #262d35; --soft: #1c2229; --link: #7cb8f2;
    --good: #4fd0a5; --bad: #ff9a62; --backup: #333c47; --running: #49535f; --answered: #1f5c49; --step: #b892ff;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 14px/1.45 system-ui, "DejaVu Sans", sans-serif; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 20px 24px 60px; max-width: 1680px; overflow-wrap: break-word; }
h1 { font-size: 22px; margin: 0 0 2px; }
h2 { font-size: 20px; margin: 0; }
h3 { font-size: 15px; margin: 26px 0 8px; }
h4 { font-size: 12px; margin: 14px 0 3px; padding-top: 6px; border-top: 1px solid var(--rule); }
p { margin: 4px 0; }
a { color: var(--link); }
.about, .dim, h4 .about { color: var(--dim); font-weight: normal; }
.run + .run { margin-top: 48px; padding-top: 24px; border-top: 3px solid var(--rule); }
.outcome { display: inline-block; padding: 1px 10px; border-radius: 3px; font-weight: 700; border: 2px solid currentColor; }
.pass { color: var(--good); } .fail { color: var(--bad); }
.facts { display: flex; flex-wrap: wrap; gap: 4px 28px; margin: 8px 0; padding: 0; list-style: none; }
.facts li { min-width: 0; overflow-wrap: anywhere; }
.facts b { font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 3px 14px 3px 0; border-bottom: 1px solid var(--grid); }
th { font-size: 12px; color: var(--dim); font-weight: 600; }
td.figure, th.figure { text-align: right; white-space: nowrap; }
.outages td:first-child, .expected td:first-child, .expected td:last-child { white-space: nowrap; }
.story tr.fail td { color: var(--bad); }
tr.step td { font-weight: 600; } tr.more td { color: var(--dim); }
details > summary { cursor: pointer; padding: 4px 0; color: var(--link); }

.keys { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 6px 0; font-size: 12px; color: var(--dim); align-items: center; }
.keys svg { width: 26px; height: 13px; margin-right: 5px; vertical-align: -2px; overflow: visible; }
.keys > span { white-space: nowrap; }
.tools { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; font-size: 12px; color: var(--dim); margin: 6px 0; }
.tools[hidden] { display: none; }
.tools button { font: inherit; min-width: 34px; padding: 4px 9px; border: 1px solid var(--rule); border-radius: 4px; background: var(--soft); color: var(--ink); cursor: pointer; }
kbd { font: inherit; border: 1px solid var(--rule); border-radius: 3px; padding: 0 4px; background: var(--soft); color: var(--ink); }

.chart { position: relative; border: 1px solid var(--rule); border-radius: 4px; padding: 0 10px 8px; }
.chart:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.lane { display: grid; grid-template-columns: var(--names) minmax(0, 1fr); align-items: end; break-inside: avoid; }
.lane:hover { background: var(--soft); }
.lane .name { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; font-size: 12px; line-height: 24px; padding-right: 8px; }
.lane .name span { color: var(--dim); }
.lane.within .name { padding-left: 14px; }
.lane.within .name b { font-weight: 500; }
.again { display: none; }
.axis { position: sticky; top: 0; z-index: 1; background: var(--paper); border-bottom: 1px solid var(--rule); }
.axis .name { font-variant-numeric: tabular-nums; color: var(--dim); }
.live .axis .plot { cursor: ew-resize; }
.plot { display: block; width: 100%; overflow: hidden; font-size: 11px; }
.live .plot { cursor: grab; touch-action: pan-y; user-select: none; }
.live.dragged .plot { cursor: grabbing; }
.ticks text { fill: var(--dim); font-variant-numeric: tabular-nums; }
.grid line { stroke: var(--grid); }
.steps line { stroke: var(--step); stroke-dasharray: 3 2; opacity: 0.75; pointer-events: none; }
.cursor { position: absolute; top: 0; bottom: 0; width: 1px; background: var(--dim); z-index: 2; pointer-events: none; }
.cursor span { position: sticky; top: 24px; left: 4px; margin-left: 4px; font-size: 11px; background: var(--paper); padding: 0 3px; white-space: nowrap; }
.tip { position: fixed; z-index: 2; max-width: min(520px, calc(100vw - 16px)); padding: 6px 10px; border: 1px solid var(--rule); border-radius: 4px; background: var(--paper); color: var(--ink); box-shadow: 0 3px 14px rgb(0 0 0 / 25%); font-size: 12px; white-space: pre-wrap; pointer-events: none; }
.tip::first-line { font-weight: 700; }
[hidden] { display: none !important; }

.span { overflow: hidden; }
.span.off, .mark.off { display: none; }
.span.tight text { display: none; }
.span text { fill: var(--ink); white-space: pre; pointer-events: none; }
.span.step text { font-weight: 600; }
.span rect { stroke: var(--paper); stroke-width: 1; }
.span[data-zoom] { cursor: zoom-in; }
.span:focus, .mark:focus { outline: none; }
.span:focus rect { stroke: var(--ink); stroke-width: 4; }
.mark:focus path { stroke: var(--ink); stroke-width: 3; }
.mark { overflow: visible; }
.mark path { stroke: var(--paper); stroke-width: 0.8; }
.note path { fill: var(--dim); }
.mark.ignored path { fill: var(--paper); stroke-width: 1.6; }

.running rect { fill: var(--running); }
.down rect { fill: url(#hatch-down); } .down text { font-weight: 600; }
.paused rect { fill: url(#hatch-paused); }
.dark rect { fill: url(#hatch-dark); }
.stopped rect, .init rect, .nobody rect, .unknown rect { fill: var(--paper); stroke: var(--dim); stroke-dasharray: 3 2; }
.stopped text, .init text, .nobody text, .unknown text { fill: var(--dim); }
.startup rect { fill: url(#hatch-startup); }
.backup rect { fill: var(--backup); }
.fault rect { fill: url(#hatch-bad); }
.split rect, .storm rect, .astray rect { fill: url(#hatch-bad); }
.split text, .storm text, .astray text, .fault text, .lost text, .impaired text, .cut text, .down text, .dark text, .paused text, .startup text {
  stroke: var(--paper); stroke-width: 3; paint-order: stroke; font-weight: 600;
}
.cut rect, .impaired rect { fill: url(#hatch-dark); }
.crowd rect { fill: var(--h0); }
.step rect { fill: var(--step); fill-opacity: 0.14; stroke: none; }
.answered rect { fill: var(--answered); } path.answered { fill: var(--answered); }
.lost rect { fill: url(#hatch-bad); } path.lost { fill: var(--lost); }
path.latency { fill: var(--dim); opacity: 0.6; }

.host.h1 rect, .h1 path { fill: var(--h1); } .host.h1 text { fill: var(--h1-ink); } .h1.ignored path { stroke: var(--h1); }
.host.h2 rect, .h2 path { fill: var(--h2); } .host.h2 text { fill: var(--h2-ink); } .h2.ignored path { stroke: var(--h2); }
.host.h3 rect, .h3 path { fill: var(--h3); } .host.h3 text { fill: var(--h3-ink); } .h3.ignored path { stroke: var(--h3); }
.host.h4 rect, .h4 path { fill: var(--h4); } .host.h4 text { fill: var(--h4-ink); } .h4.ignored path { stroke: var(--h4); }
.host.h5 rect, .h5 path { fill: var(--h5); } .host.h5 text { fill: var(--h5-ink); } .h5.ignored path { stroke: var(--h5); }
.host.h6 rect, .h6 path { fill: var(--h6); } .host.h6 text { fill: var(--h6-ink); } .h6.ignored path { stroke: var(--h6); }
.host.h0 rect, .h0 path { fill: var(--h0); } .host.h0 text { fill: var(--h0-ink); } .h0.ignored path { stroke: var(--h0); }
.host.doubted rect { fill-opacity: 0.5; } .host.doubted text { fill: var(--ink); }

.stage rect { stroke: var(--ink); stroke-width: 0.6; }
.detect rect { fill: #3b0f70; } .detect text { fill: #ffffff; }
.elect rect { fill: #8c2981; } .elect text { fill: #ffffff; }
.announce rect { fill: #de4968; } .announce text { fill: #14181d; }
.bind rect { fill: #fe9f6d; } .bind text { fill: #14181d; }
.cache rect { fill: #fecf92; } .cache text { fill: #14181d; }
.transport rect { fill: #fcfdbf; } .transport text { fill: #14181d; }
.defs { position: absolute; width: 0; height: 0; }

@media (max-width: 760px) {
  body { padding: 12px 10px 40px; }
  .lane { display: block; padding-top: 2px; }
  .lane .name { line-height: 16px; }
  .lane.within .name { padding-left: 0; }
  .chart { padding: 0 6px 6px; }
  .keys > span { white-space: normal; }
  th, td { padding-right: 8px; }
}
@media print {
  @page { size: A4 landscape; margin: 11mm; }
  :root {
    color-scheme: light;
    --paper: #ffffff; --ink: #000000; --dim: #444444; --rule: #bbbbbb; --grid: #dddddd; --soft: #ffffff; --link: #000000;
    --good: #00694c; --bad: #a03300; --backup: #e3e8ee; --running: #c9d2dc; --answered: #b9e2d3; --step: #6a1fd0; --names: 170px;
  }
  html { font-size: 11px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { padding: 0; max-width: none; }
  .tools, .tip, .cursor { display: none !important; }
  .axis { position: static; }
  .again { display: grid; break-before: avoid; }
  .lane:hover { background: none; }
  .run + .run { break-before: page; border: none; }
  h3, h4 { break-after: avoid; }
  tr { break-inside: avoid; }
  a { text-decoration: none; }
  .chart { border: none; padding: 0; }
}
`;
