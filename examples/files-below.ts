import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The manifests of the example that a test stands in, named from its folder. */
export function filesBelow(testUrl: string): readonly { readonly file: string; readonly text: string }[] {
  const folder = fileURLToPath(new URL('.', testUrl))
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => ({ file: name.replaceAll('\\', '/'), text: readFileSync(`${folder}${name}`, 'utf8') }))
}
