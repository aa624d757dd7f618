import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { bytesAtStart } from './bundle/functions.ts';
import { bundleApart } from './bundle/index.ts';

const project = process.cwd();
const { folder, metafiles } = await bundleApart(project);
await mkdir(`${folder}/meta`);
for (const [name, metafile] of Object.entries(metafiles)) {
  // What is in each bundle, for https://esbuild.github.io/analyze/ or jq.
  await writeFile(`${folder}/meta/${name}.json`, JSON.stringify(metafile));
  const modules = Object.keys(metafile.inputs).filter((file) => /^jobs\/.+\//.test(file)).length;
  console.log(
    `dist/${name}  ${Math.round(bytesAtStart(metafile) / 1024)} KB are loaded at the start, code of ${modules} modules is in the bundle`,
  );
}
// It is there as a whole, or not at all.
await rm('dist', { recursive: true, force: true });
await rename(folder, 'dist');
