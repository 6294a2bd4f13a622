// Reads an array of Mermaid texts (JSON, standard input) with Mermaid's own parser; writes what each is, or why it is none.
import { JSDOM } from 'jsdom';
import { readFileSync } from 'node:fs';

const { window } = new JSDOM('<body></body>');
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import('mermaid');
mermaid.initialize({ startOnLoad: false, maxEdges: 100000, maxTextSize: 10000000 });

// Labels are HTML: what a reader sees is their text.
const seen = (label) => {
    const element = window.document.createElement('div');
    element.innerHTML = (label ?? '').replace(/<br\/>/g, '\n').replace(/ﬂ°°/g, '&#').replace(/ﬂ°/g, '&').replace(/¶ß/g, ';');
    return element.textContent;
};

const read = async (text) => {
    try {
        const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
        return {
            direction: db.getDirection(),
            nodes: [...db.getVertices().values()].map((v) => ({ id: v.id, label: seen(v.text), shape: v.type ?? '', classes: v.classes })),
            edges: db.getEdges().map((e) => ({ from: e.start, to: e.end, label: seen(e.text), stroke: e.stroke })),
            groups: db.getSubGraphs().map((g) => ({ id: g.id, label: seen(g.title), nodes: g.nodes })),
            colors: [...db.getClasses().values()].map((c) => ({ name: c.id, styles: c.styles })),
        };
    } catch (error) {
        return { error: String(error) };
    }
};

const answers = [];
for (const text of JSON.parse(readFileSync(0, 'utf8'))) answers.push(await read(text));
console.log(JSON.stringify(answers));
