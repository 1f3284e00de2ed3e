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

/** Reads the YAML and JSON files of a commit that hold one of the words; links and LFS pointers are named, not followed. */
export async function screenFiles(repository: Repository, commit: Oid, paths: readonly string[], words: readonly string[]): Promise<Screened> {
  const wanted = paths.length === 0 ? (): boolean => true : picomatch([...paths, ...paths.map((path) => `${path.replace(/\/+$/, '')}/**`)], { dot: true })
  const files: SourceText[] = []
  const skipped: Skipped[] = []
  const updaters: SourceText[] = []
  const needles = words.map((word) => ({ bytes: Buffer.from(word), whole: new RegExp(`(?<![\\w-])${word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`) }))
  const candidates = (await repository.files(commit)).filter((file) => (isCandidate(file.path) && wanted(file.path)) || isPipeline(file.path))
  const contents = await repository.readMany?.(candidates.map((file) => file.oid))
  for (const [index, file] of candidates.entries()) {
    if (file.mode === '120000') {
      skipped.push({ file: file.path, why: 'a symbolic link; give the file that it points to' })
      continue
    }
    const bytes = Buffer.from(contents?.[index] ?? (await repository.read(file.oid)))
    if (updaterWords.some((word) => bytes.includes(word)) || /renovate/.test(file.path)) updaters.push({ file: file.path, bytes })
    if (!isCandidate(file.path) || !wanted(file.path)) continue
    if (bytes.subarray(0, 200).toString('latin1').startsWith('version https://git-lfs')) skipped.push({ file: file.path, why: 'a Git LFS pointer' })
    else if (needles.length === 0 || needles.some(({ bytes: word, whole }) => bytes.includes(word) && whole.test(bytes.toString('latin1'))) || isSmallValues(file.path, bytes)) files.push({ file: file.path, bytes })
    else if (bytes.includes('kustomiz') || /(^|\/)(kustomization\.ya?ml|Kustomization)$/.test(file.path)) files.push({ file: file.path, bytes })
  }
  return { files, skipped, updaters }
}

function isCandidate(path: string): boolean {
  return /\.(ya?ml|json)$/i.test(path) || /(^|\/)Kustomization$/.test(path)
}

/** Files of the root and of CI, looked at for what would write the image again, whatever `--path` says. */
function isPipeline(path: string): boolean {
  return /^(Jenkinsfile[^/]*|renovate\.json5?|\.renovaterc(\.json5?)?|\.gitlab-ci\.yml|azure-pipelines\.ya?ml|\.github\/(workflows\/[^/]+\.ya?ml|renovate\.json5?)|\.circleci\/config\.yml)$/.test(path)
}

/** A values file of one environment may hold a tag and nothing else that could be recognised. */
function isSmallValues(path: string, bytes: Buffer): boolean {
  return /values/i.test(path) && bytes.length < 100_000 && /\btag\b|[tT]ag:/.test(bytes.toString('latin1'))
}
