import { cp, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isMap, parse } from '@rollsync/manifests'

/** Copies a chart with the charts beside it that it depends on (`repository: file://…`) into a folder, as `helm dependency build` would put them together; whether there was any. The repository itself stays as it is. */
export async function withLocalDependencies(chart: string, to: string, depth = 0): Promise<'some' | 'none'> {
  const dependencies = await localDependencies(chart)
  if (dependencies.length === 0 || depth > 8) return 'none'
  if (depth === 0) await cp(chart, to, { recursive: true })
  for (const { name, folder } of dependencies) {
    const inside = join(to, 'charts', name)
    await cp(folder, inside, { recursive: true })
    await withLocalDependencies(folder, inside, depth + 1)
  }
  return 'some'
}

async function localDependencies(chart: string): Promise<readonly { readonly name: string; readonly folder: string }[]> {
  const bytes = await readFile(join(chart, 'Chart.yaml')).catch(() => undefined)
  const value = bytes === undefined ? undefined : parse([{ file: 'Chart.yaml', bytes }]).documents[0]?.value
  const listed: readonly unknown[] = isMap(value) && Array.isArray(value['dependencies']) ? value['dependencies'] : []
  return listed.flatMap((one) => {
    if (!isMap(one) || typeof one['name'] !== 'string' || typeof one['repository'] !== 'string' || !/^[\w.-]+$/.test(one['name'])) return []
    const path = /^file:\/\/(.+)$/.exec(one['repository'])?.[1]
    return path === undefined ? [] : [{ name: one['name'], folder: resolve(chart, path) }]
  })
}
