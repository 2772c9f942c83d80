"""The report's only style sheet. Colours are the product's own (web/static/ujima/ujima.css)."""

_LIGHT = (
    "--paper:#FAF7F2;--surface:#FFF;--ink:#1F2430;--muted:#5B6270;--line:#E4DDD2;--edge:#8A8375;"
    "--primary:#14555A;--primary-soft:#E3EEEC;--heat:#2F8F8B;--mark:#BF6A17;--warn-soft:#FBEBD8"
)
_DARK = (
    "--paper:#12161A;--surface:#1A2026;--ink:#ECE7DF;--muted:#A8AFB8;--line:#2C343C;--edge:#757E88;"
    "--primary:#6CC5C0;--primary-soft:#1C3133;--heat:#3F9A95;--mark:#F0A858;--warn-soft:#3A2A17"
)
#: shades of the picture of confusion, and how much of the colour the darkest has: words on it
#: keep 4.5 : 1 in both themes
SHADES, DEEPEST = 10, 55

_HEAT = "".join(
    f".h{n}{{background:color-mix(in srgb,var(--heat) {n * DEEPEST // SHADES}%,transparent)}}"
    for n in range(1, SHADES + 1)
)

STYLE = f"""
:root{{color-scheme:light;{_LIGHT}}}
@media(prefers-color-scheme:dark){{:root{{color-scheme:dark;{_DARK}}}}}
@media print{{:root{{color-scheme:light;{_LIGHT}}}}}
*{{box-sizing:border-box}}
html{{-webkit-text-size-adjust:100%}}
body{{margin:0;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
overflow-wrap:anywhere}}
main{{display:grid;grid-template-columns:minmax(0,1fr);gap:1.5rem;max-width:60rem;
margin:auto;padding:1.5rem 1rem 3rem}}
h1,h2,p,dl,dd,figure{{margin:0}}
h1{{font-size:1.55rem;line-height:1.25}}h2{{font-size:1.125rem;line-height:1.35}}
p{{max-width:66ch}}.muted{{color:var(--muted)}}.small{{font-size:.85rem}}
header,section{{display:grid;grid-template-columns:minmax(0,1fr);gap:.6rem}}
section{{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:1rem}}
.warn{{background:var(--warn-soft);border-color:var(--mark)}}
dl{{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem}}
dl>div{{display:flex;flex-direction:column;background:var(--surface);
border:1px solid var(--line);border-radius:10px;padding:.75rem 1rem}}
dt{{order:1;font-size:.85rem;color:var(--muted)}}
dd{{font-variant-numeric:tabular-nums}}dd.note{{order:2;font-size:.85rem;color:var(--muted)}}
dd b{{font-size:1.5rem;line-height:1.2;white-space:nowrap}}
.scroll{{overflow-x:auto}}
table{{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}}
th,td{{text-align:start;padding:.4rem .6rem;border-block-end:1px solid var(--line);
vertical-align:top}}
thead th{{font-size:.85rem;color:var(--muted);font-weight:600;vertical-align:bottom}}
tbody tr:last-child>*{{border-block-end:0}}
tbody th{{font-weight:500}}
.n{{text-align:end;white-space:nowrap;overflow-wrap:normal}}
.confusion{{width:auto}}
.confusion td,.confusion thead th{{text-align:center;min-width:3.2rem;overflow-wrap:normal}}
.confusion td{{border:1px solid var(--surface);white-space:nowrap}}
.confusion tbody th{{border:0;max-width:10rem;text-align:end}}
.confusion td,.confusion th{{padding-inline:.3rem}}
.confusion .same{{outline:2px solid var(--primary);outline-offset:-3px}}
{_HEAT}
svg{{display:block;width:100%}}svg text{{fill:var(--muted);font-size:12px}}
.square{{max-width:26rem}}
.rule{{stroke:var(--line)}}.even{{stroke:var(--edge);stroke-dasharray:4 4}}
.whisker{{stroke:var(--primary);stroke-width:2}}.dot{{fill:var(--primary)}}
.column{{fill:var(--primary)}}.track{{stroke:var(--line);stroke-width:4;stroke-linecap:round}}
td.drawn{{width:38%;min-width:8rem;vertical-align:middle}}
summary{{cursor:pointer;color:var(--primary)}}
@media(max-width:37rem){{
.cards thead{{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;
clip-path:inset(50%)}}
.cards,.cards tbody,.cards tr,.cards th,.cards td{{display:block;width:auto}}
.cards tr{{padding-block:.6rem;border-block-end:1px solid var(--line)}}
.cards tr:last-child{{border:0}}
.cards th,.cards td{{border:0;padding:.1rem 0;text-align:start;white-space:normal}}
.cards td{{display:inline-block;margin-inline-end:1rem}}.cards td.drawn{{display:block;width:100%}}
.cards tbody th{{font-weight:600}}
.cards [data-label]::before{{content:attr(data-label) ": ";color:var(--muted)}}
}}
"""
