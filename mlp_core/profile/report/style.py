"""How the report looks: Pythie's colours on screen, light or dark as the reader's system is, and on A4.

The room of charts, where the colours of the identity stand, comes after this one; a test holds both to the
same values.
"""

from __future__ import annotations

from typing import Final

LIGHT: Final = """
--page:#FBFAF7;--panel:#F1EEE7;--card:#FFFFFF;--ink:#1D2433;--muted:#596173;--line:#E3DFD5;
--primary:#0F6E6E;--accent:#C4572E;--gold:#C99A2E;--bar:#2A8080;--far:#A9D0CA;--track:#ECE8DF;
--rising:15 110 110;--falling:196 87 46;--plain:90 98 140;
--serious:#A63A12;--serious-back:#F9E4DA;--warning:#7A5A06;--warning-back:#F8EECF;--info:#0B5757;
--info-back:#DDEDEA;color-scheme:light;
"""

DARK: Final = """
--page:#12161F;--panel:#1B212D;--card:#181E29;--ink:#ECE9E1;--muted:#A9B0BD;--line:#2C3443;
--primary:#4FB8B0;--accent:#E88A5F;--gold:#E3BC5C;--bar:#4FB8B0;--far:#2F7C7B;--track:#262D3A;
--rising:79 184 176;--falling:232 138 95;--plain:150 160 220;
--serious:#FFB79A;--serious-back:#43261C;--warning:#F0D48A;--warning-back:#3A3116;--info:#9BE0D9;
--info-back:#173A3C;color-scheme:dark;
"""

CSS: Final = (
    f"""
:root{{{LIGHT}}}
@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{DARK}}}}}
@media screen{{:root[data-theme=dark]{{{DARK}}}}}
"""
    + """
*{box-sizing:border-box}
html{font:16px/1.5 "Source Sans 3","Source Sans Pro","Source Sans",system-ui,"Segoe UI",Roboto,sans-serif;
background:var(--page);color:var(--ink);-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:1120px;padding:48px 32px 64px}
header{border-bottom:3px solid var(--primary);padding-bottom:20px}
.brand{color:var(--primary);font-weight:650;letter-spacing:.09em;text-transform:uppercase;font-size:.8rem}
h1{font-size:2.25rem;line-height:1.15;margin:.25rem 0 .4rem;font-weight:680;overflow-wrap:anywhere}
h2{font-size:1.4rem;margin:0 0 .75rem;font-weight:660}
section>h3{margin:28px 0 10px}
h3{font-size:1.06rem;margin:0;font-weight:650;overflow-wrap:anywhere;line-height:1.3}
p{margin:.3rem 0}
small{font-size:.86em;color:var(--muted)}
.lead{color:var(--muted);max-width:76ch;margin:-.35rem 0 1rem}
section{margin-top:44px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin-top:24px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px}
.tile b{display:block;font-size:1.55rem;line-height:1.2;font-weight:660;font-variant-numeric:tabular-nums}
.tile span{color:var(--muted);font-size:.9rem}
.tile small{display:block}
.chips{display:flex;flex-wrap:wrap;gap:8px;margin-top:16px}
.chip{background:var(--panel);color:var(--muted);border-radius:999px;padding:2px 11px;font-size:.84rem;
white-space:nowrap}
.chip.target{background:var(--gold);color:#1D2433}
.alert{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--tone);
border-radius:10px;padding:12px 16px;margin-bottom:10px;break-inside:avoid}
.alert.serious{--tone:var(--accent)}.alert.warning{--tone:var(--gold)}.alert.info{--tone:var(--primary)}
.alert p{margin:.2rem 0 0;overflow-wrap:anywhere}
.alert .what{font-weight:620;margin:0}
.alert .do::before{content:"→ ";color:var(--primary);font-weight:700}
.badge{float:right;margin-left:12px;border-radius:6px;padding:1px 9px;font-size:.8rem;font-weight:600}
.serious .badge{background:var(--serious-back);color:var(--serious)}
.warning .badge{background:var(--warning-back);color:var(--warning)}
.info .badge{background:var(--info-back);color:var(--info)}
.cards{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:16px}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px 18px;
break-inside:avoid}
.card header{border:0;padding:0;display:flex;align-items:flex-start;justify-content:space-between;gap:12px}
.missing{display:flex;align-items:center;gap:10px;margin:8px 0 12px;font-size:.86rem;color:var(--muted)}
.missing i{flex:0 0 84px;height:6px;border-radius:3px;background:var(--track);overflow:hidden}
.missing i b{display:block;height:100%;background:var(--accent)}
svg{display:block;width:100%;height:auto;overflow:visible}
svg .bar{fill:var(--bar)}svg .far{fill:var(--far)}svg .base{stroke:var(--line);stroke-width:1}
.axis{display:flex;justify-content:space-between;gap:12px;font-size:.8rem;color:var(--muted);
font-variant-numeric:tabular-nums;margin:3px 0 10px}
.axis.each{display:grid;grid-auto-flow:column;grid-auto-columns:1fr;gap:0;text-align:center}
.levels{display:grid;grid-template-columns:minmax(0,38%) 1fr auto;gap:3px 10px;align-items:center;
font-size:.88rem;margin-bottom:12px}
.levels span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.levels i{height:11px;border-radius:2px;background:var(--bar);min-width:2px}
.levels em{font-style:normal;text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
dl{display:grid;grid-template-columns:fit-content(46%) 1fr;gap:2px 14px;margin:0;font-size:.9rem}
dt{color:var(--muted)}
dd{margin:0;text-align:right;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600}
thead th{color:var(--muted);font-weight:500;border-bottom:1px solid var(--line);padding:6px 10px 6px 0}
tbody th,tbody td{border-bottom:1px solid var(--line);padding:6px 10px 6px 0;overflow-wrap:anywhere}
td.right{text-align:right}
.heat{width:auto;border-collapse:separate;border-spacing:2px;font-size:.8rem;margin-bottom:20px}
.heat th{border:0;padding:0 8px 0 0;font-weight:500;max-width:170px;overflow:hidden;text-overflow:ellipsis;
white-space:nowrap;text-align:right;color:var(--ink)}
.heat thead th{vertical-align:bottom;padding:0 0 6px;max-width:40px}
.heat thead th span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:112px;overflow:hidden;
text-overflow:ellipsis;display:inline-block}
.heat td{border:0;border-radius:4px;width:42px;height:32px;min-width:42px;padding:0;text-align:center;
background:rgb(var(--tone)/var(--much))}
.heat .up{--tone:var(--rising)}.heat .down{--tone:var(--falling)}.heat .flat{--tone:var(--plain)}
.heat .none{background:none}
.key{display:flex;flex-wrap:wrap;gap:6px 18px;font-size:.86rem;color:var(--muted);margin-bottom:14px}
.key i{display:inline-block;width:13px;height:13px;border-radius:3px;margin-right:6px;vertical-align:-2px;
background:rgb(var(--tone))}
.key .up{--tone:var(--rising)}.key .down{--tone:var(--falling)}.key .flat{--tone:var(--plain)}
.meter{display:block;height:9px;border-radius:2px;min-width:2px}
.meter.up{background:rgb(var(--rising))}.meter.down{background:rgb(var(--falling))}
.meter.flat{background:rgb(var(--plain))}
.track{background:var(--track);border-radius:2px;min-width:110px}
ul{margin:.4rem 0;padding-left:1.2rem}
li{margin:.2rem 0}
footer{margin-top:52px;border-top:1px solid var(--line);padding-top:16px;color:var(--muted);font-size:.88rem}
@media (max-width:760px){body{padding:24px 16px 40px}.cards{grid-template-columns:minmax(0,1fr)}
h1{font-size:1.7rem}}
@page{size:A4;margin:14mm 13mm}
@media print{html{font-size:11.5px;background:#fff}body{max-width:none;padding:0}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}section{margin-top:26px}
h2,.lead{break-after:avoid}.cards{gap:10px}.card,.alert,.tile{background:#fff}.scroll{overflow:visible}
.cards{grid-template-columns:repeat(2,minmax(0,1fr))}.tiles{grid-template-columns:repeat(6,1fr);gap:8px}
.tile{padding:10px 12px}.tile b{font-size:1.3rem}}
"""
)
