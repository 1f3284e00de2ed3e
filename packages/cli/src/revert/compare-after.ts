import { argocdProfile, type ArgocdProfile, argocdVersions, jqEngine } from '@rollsync/argocd'
import { argocdJudge, brokenExpressions } from '@rollsync/ignore'
import { type KubeObject, refKey, refOf } from '@rollsync/manifests'
import { type CanaryScope, discover, type Repository as Manifests, simulatedWorld } from '@rollsync/policy'
import type { Repository, RevertResult } from '@rollsync/revert'
import { rolloutsProfile, rolloutsVersions, simulate, type World } from '@rollsync/rollouts'

/** What Argo CD answers for a rolled-back Rollout once Git names the restored image; `Unknown` with the reason where it can answer nothing. */
export interface ComparedAfter {
  readonly rollout: string
  readonly argocd: string
  readonly answer: string
}

/**
 * Compares, for every Rollout whose file a revert changed, Git after the commit with the cluster after the release of the bad image and its undo, both simulated.
 * Files that are no plain manifests (charts, overlays) say nothing here.
 */
export async function compareAfter(repository: Repository, result: RevertResult): Promise<readonly ComparedAfter[]> {
  if (result.state === 'already there') return []
  const touched = new Set(result.sites.map((site) => site.file))
  const before = await manifestsAt(repository, result.base, [...touched].map((file) => file.slice(0, Math.max(0, file.lastIndexOf('/')))))
  const profile = argocdProfile(argocdVersions[0] ?? '')?.profile as ArgocdProfile
  const answers: ComparedAfter[] = []
  for (const scope of before.canaries) {
    if (!touched.has(scope.rollout.manifest.file) || scope.rollout.application === undefined) continue
    answers.push({ rollout: scope.rollout.object.metadata.name, argocd: profile.version, answer: await answerFor(scope, result, profile) })
  }
  return answers
}

async function answerFor(scope: CanaryScope, result: RevertResult, profile: ArgocdProfile): Promise<string> {
  const { manifest, spec } = scope.rollout.application as NonNullable<CanaryScope['rollout']['application']>
  const jq = jqEngine({ gojq: profile.gojq })
  try {
    const [broken] = (await brokenExpressions(manifest, jq)).broken
    if (broken !== undefined) return `Unknown: ${broken.error}`
    const judge = argocdJudge({ application: manifest.ref.name, profile, mode: spec.compareMode, rules: spec.ignoreDifferences, syncOptions: spec.syncOptions, jq })
    const target = withImages(scope.rollout.object, result)
    const live = undone(simulatedWorld(scope), scope.rollout.object, target)
    if (live === undefined) return 'unverified: the undo could not be simulated'
    const compared = await judge.compare(target, live, target)
    return compared.sync === 'unverified' ? `unverified: ${compared.reason}` : compared.sync
  } finally {
    await jq.close?.()
  }
}

/** The Rollout in the cluster: released with the restored image, updated to the bad one, undone. */
function undone(world: World, bad: KubeObject, good: KubeObject): KubeObject | undefined {
  const key = refKey(refOf(bad))
  const { profile } = rolloutsProfile(rolloutsVersions[0] ?? '')
  const events = [{ do: 'apply', object: bad }, { do: 'undo', rollout: bad.metadata.name }] as const
  return simulate(new Map(world).set(key, good), { events, profile }).states.at(-1)?.world.get(key)
}

function withImages(rollout: KubeObject, { sites }: RevertResult): KubeObject {
  const swap = new Map(sites.map((site) => [site.before, site.after]))
  return JSON.parse(JSON.stringify(rollout), (key, value: unknown) => (key === 'image' && typeof value === 'string' ? (swap.get(value) ?? value) : value)) as KubeObject
}

async function manifestsAt(repository: Repository, commit: string, folders: readonly string[]): Promise<Manifests> {
  const near = (await repository.files(commit)).filter(({ path }) => /\.(ya?ml|json)$/i.test(path) && folders.some((folder) => isNear(path, folder)))
  return discover(await Promise.all(near.slice(0, mostFiles).map(async (file) => ({ file: file.path, bytes: await repository.read(file.oid) }))))
}

/** A revert is to take seconds: of a large repository only so many files are looked at. */
const mostFiles = 500

/** In the folder itself, or beside one of the folders above it, where Applications stand. */
function isNear(path: string, folder: string): boolean {
  const own = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  return own === folder || own.startsWith(`${folder}/`) || own === '' || folder.startsWith(`${own}/`)
}
