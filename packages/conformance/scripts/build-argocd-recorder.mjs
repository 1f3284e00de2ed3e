// Builds the recorder of Argo CD's comparisons inside a working copy of argoproj/argo-cd: what it asks is not exported, and from 3.3 on a part of it is in no published module.
//   node build-argocd-recorder.mjs SOURCE BINARY
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ours = fileURLToPath(new URL('../recorder/argocd/', import.meta.url))
const [source, binary] = process.argv.slice(2)
if (source === undefined || binary === undefined) {
  console.error('usage: build-argocd-recorder.mjs SOURCE BINARY (SOURCE: a working copy of argoproj/argo-cd at the tag to be asked)')
  process.exit(2)
}

const goMod = readFileSync(join(source, 'go.mod'), 'utf8')
const pinned = pattern => new RegExp(`\\b(${pattern}) v`).exec(goMod)?.[1]
/** The import paths that the recorder has, and what the working copy calls them. */
const renamed = [
  ['github.com/argoproj/argo-cd/gitops-engine', pinned('github\\.com/argoproj/(?:argo-cd/)?gitops-engine(?:/v\\d+)?')],
  ['github.com/argoproj/argo-cd/v3', /^module (\S+)/m.exec(goMod)[1]],
  ['sigs.k8s.io/structured-merge-diff/v6', pinned('sigs\\.k8s\\.io/structured-merge-diff/v\\d+')],
]

const place = (from, to) => {
  mkdirSync(to, { recursive: true })
  cpSync(from, to, { recursive: true, filter: path => path === from || path.endsWith('.go') })
  for (const name of readdirSync(to).filter(file => readdirSync(from).includes(file) && file.endsWith('.go'))) {
    const path = join(to, name)
    writeFileSync(path, renamed.reduce((text, [ourName], at) => text.replaceAll(`"${ourName}/`, `"@${at}/`), readFileSync(path, 'utf8'))
      .replaceAll(/"@(\d)\//g, (_, at) => `"${renamed[at][1]}/`))
  }
}

place(ours, join(source, 'rollsync-recorder'))
const asksForSchemas = readFileSync(join(source, 'controller/sync.go'), 'utf8').includes('normalizeTargetResources(openAPISchema')
place(join(ours, asksForSchemas ? 'controller-3.6' : 'controller'), join(source, 'controller'))
const { status } = spawnSync('go', ['build', '-mod=mod', '-ldflags=-s -w', '-o', resolve(binary), './rollsync-recorder'], { cwd: source, stdio: 'inherit' })
process.exitCode = status ?? 1
