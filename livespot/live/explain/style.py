"""How the page looks: one column of text, pictures as wide as they go, quiet colours."""

STYLE = """
:root { color-scheme: light; --ink: #1b1d20; --muted: #63686f; --rule: #dfe1e4; --accent: #b57400; }
* { box-sizing: border-box; }
body { margin: 0; background: #fbfbfa; color: var(--ink); font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 40px 28px 80px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 8px; overflow-wrap: anywhere; }
h2 { font-size: 21px; margin: 52px 0 8px; padding-top: 20px; border-top: 1px solid var(--rule); }
p { max-width: 76ch; margin: 6px 0 12px; }
.lead { font-size: 18px; }
.row { display: grid; gap: 18px; margin: 16px 0 4px; align-items: start; }
.n1 { grid-template-columns: minmax(0, 1fr); }
.n2 { grid-template-columns: repeat(2, minmax(0, 1fr)); }
.n3 { grid-template-columns: repeat(3, minmax(0, 1fr)); }
figure { margin: 0; }
figure img { display: block; width: auto; max-width: 100%; height: auto; max-height: 1000px;
  border: 1px solid var(--rule); }
figcaption, .small { color: var(--muted); font-size: 14px; margin-top: 4px; }
.scale { display: grid; grid-template-columns: repeat(3, 1fr); width: 420px; max-width: 100%; margin: 10px 0 18px;
  color: var(--muted); font-size: 14px; }
.scale img { grid-column: 1 / -1; width: 100%; height: 12px; }
.scale span:nth-of-type(2) { text-align: center; }
.scale span:nth-of-type(3) { text-align: right; white-space: nowrap; justify-self: end; }
svg { display: block; width: 100%; max-width: 860px; font-size: 12px; fill: var(--muted); }
svg .grid { stroke: var(--rule); }
svg .bar { fill: #9aa3ad; }
svg .range { fill-opacity: .16; stroke: none; }
svg line.low { stroke: #2f7fb8; stroke-width: 2; }
svg .low { fill: #2f7fb8; }
svg line.high { stroke: var(--accent); stroke-width: 2; }
svg .high { fill: var(--accent); }
table { border-collapse: collapse; width: 100%; margin-top: 20px; font-size: 15px; }
th { text-align: left; font-weight: 600; padding: 6px 12px 6px 0; border-bottom: 2px solid var(--rule); }
td { vertical-align: top; padding: 12px 16px 12px 0; border-bottom: 1px solid var(--rule); }
td img { display: block; border: 1px solid var(--rule); }
ul { margin: 0; padding-left: 18px; }
.label { display: inline-block; min-width: 28px; text-align: center; padding: 2px 7px; border-radius: 14px;
  background: #d9dbde; font-weight: 600; }
.label.kept { background: #ffba14; }
tr.dropped td { color: #4a4e54; }
@media (max-width: 760px) { .n2, .n3 { grid-template-columns: minmax(0, 1fr); }
  td img { max-width: 40vw; height: auto; } }
"""
