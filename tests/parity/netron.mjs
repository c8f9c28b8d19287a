// Opens files with Netron's own parser: `node netron.mjs FOLDER_OF_NETRON FILE...`.
// For each file a line of JSON: its format as Netron calls it, the types of its nodes and the number of its tensors, or
// the error.

import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , folder, ...files] = process.argv;
const load = (name) => import(pathToFileURL(path.join(folder, name)));
const base = await load('base.js');
const view = await load('view.js');

const host = {
    environment: () => null,
    event: () => {},
    require: (id) => load(`${id}.js`),
};

const context = (file, content) => ({
    identifier: path.basename(file),
    stream: new base.BinaryStream(new Uint8Array(content)),
    entries: new Map(),
    require: host.require,
    request: (name) => fs.readFile(path.join(folder, name), 'utf-8'),
    asset: (name) => fs.readFile(path.join(folder, name), 'utf-8'),
    fetch: () => { throw new Error('It asks for another file.'); },
    error: (error) => { throw error; },
    exception: (error) => { throw error; },
});

for (const file of files) {
    try {
        const service = new view.ModelFactoryService(host);
        const model = await service.open(context(file, await fs.readFile(file)));
        const graphs = model.modules || model.graphs || [];
        const nodes = graphs.flatMap((graph) => graph.nodes);
        const values = nodes.flatMap((node) => node.inputs || []).flatMap((one) => one.value || []);
        const tensors = values.filter((value) => value && value.initializer).map((value) => String(value.initializer.type));
        console.log(JSON.stringify({ format: model.format, types: nodes.map((node) => node.type.name), tensors }));
    } catch (error) {
        console.log(JSON.stringify({ error: `${error.name}: ${error.message}` }));
    }
}
