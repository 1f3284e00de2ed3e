import type { SourceText } from '@rollsync/manifests'
import picomatch from 'picomatch'
import { updaterWords } from './hold.ts'
import type { Oid } from './git-objects.ts'
import type { Skipped } from './found-site.ts'
import { parseImage } from './image-reference.ts'
import type { Repository } from './repositories/repository.ts'

/** The files of a commit that may name an image, and those that were left alone. */
export interface Screened {
  readonly files: readonly SourceText[]
  readonly skipped: readonly Skipped[]
  /** Files that may belong to a program that writes images by itself. */
  readonly updaters: readonly SourceText[]
}

/** Which texts a file must hold, one of them, to be read at all: the last part of the repository's name, and the tag or digest to take out. */
export function screenWords(images: readonly string[]): readonly string[] {
  return [...new Set(images.map(parseImage).flatMap((image) => [image.path.split('/').at(-1) ?? image.path, ...(image.tag === undefined || image.tag.length < 3 ? [] : [image.tag]), ...(image.digest === undefined ? [] : [image.digest])]))]
}

/** Reads the YAML and JSON files of a commit that hold one of the words; links, LFS pointers and programs are named, not followed. No words: all files. */
export async function screenFiles(repository: Repository, commit: Oid, paths: readonly string[], words: readonly string[]): Promise<Screened> {
  const wanted = paths.length === 0 ? (): boolean => true : picomatch([...paths, ...paths.map((path) => `${path.replace(/\/+$/, '')}/**`)], { dot: true })
  const all = (await repository.files(commit)).filter((file) => (isCandidate(file.path) && wanted(file.path)) || isPipeline(file.path))
  const links = all.filter((file) => file.mode === '120000')
  const regular = all.filter((file) => file.mode !== '120000')
  const contents = await repository.readMany?.(regular.map((file) => file.oid))
  const mentions = mentionsOf(words)
  const files: SourceText[] = []
  const skipped: Skipped[] = links.map((file) => ({ file: file.path, why: 'a symbolic link; give the file that it points to' }))
  const updaters: SourceText[] = []
  for (const [index, file] of regular.entries()) {
    const bytes = Buffer.from(contents?.[index] ?? (await repository.read(file.oid)))
    if (updaterWords.some((word) => bytes.includes(word)) || file.path.includes('renovate')) updaters.push({ file: file.path, bytes })
    if (!isCandidate(file.path) || !wanted(file.path)) continue
    const why = refused(file.path, bytes, mentions)
    if (why !== undefined) skipped.push({ file: file.path, why })
    else if (!isProgram(file.path) && (mentions(bytes) || isContext(file.path, bytes))) files.push({ file: file.path, bytes })
  }
  return { files, skipped, updaters }
}

type Mentions = (bytes: Buffer) => boolean

function mentionsOf(words: readonly string[]): Mentions {
  if (words.length === 0) return () => true
  const needles = words.map((word) => ({ bytes: Buffer.from(word), whole: new RegExp(`(?<![\\w-])${word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`) }))
  return (bytes) => needles.some((needle) => bytes.includes(needle.bytes) && needle.whole.test(bytes.toString('latin1')))
}

function refused(path: string, bytes: Buffer, mentions: Mentions): string | undefined {
  if (bytes.subarray(0, 200).toString('latin1').startsWith('version https://git-lfs')) return 'a Git LFS pointer'
  return isProgram(path) && mentions(bytes) ? 'it names the image, but it is a program; edit it by hand' : undefined
}

/** What names no image and yet decides which place has effect: kustomizations, the order of value files, a tag whose repository stands in another file. */
function isContext(path: string, bytes: Buffer): boolean {
  return bytes.includes('valueFiles') || bytes.includes('kustomiz') || /(^|\/)(kustomization\.ya?ml|Kustomization)$/.test(path) || isSmallValues(path, bytes)
}

function isCandidate(path: string): boolean {
  return /\.(ya?ml|json)$/i.test(path) || /(^|\/)Kustomization$/.test(path) || isProgram(path)
}

/** CUE, Jsonnet, KCL, Terraform: what they say is computed, and cannot be edited in place for certain. */
function isProgram(path: string): boolean {
  return /\.(cue|jsonnet|libsonnet|k|tf|hcl|tpl)$/i.test(path)
}

/** Files of the root and of CI, looked at for what would write the image again, whatever `--path` says. */
function isPipeline(path: string): boolean {
  return /^(Jenkinsfile[^/]*|renovate\.json5?|\.renovaterc(\.json5?)?|\.gitlab-ci\.yml|azure-pipelines\.ya?ml|\.github\/(workflows\/[^/]+\.ya?ml|renovate\.json5?)|\.circleci\/config\.yml)$/.test(path)
}

/** A values file of one environment may hold a tag and nothing else that could be recognised. */
function isSmallValues(path: string, bytes: Buffer): boolean {
  return /values/i.test(path) && bytes.length < 100_000 && /\btag\b|[tT]ag:/.test(bytes.toString('latin1'))
}
