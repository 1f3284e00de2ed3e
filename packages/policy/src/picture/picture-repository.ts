import { jqEngine } from '@rollsync/argocd'
import { refKey, refOf } from '@rollsync/manifests'
import { chooseVersions, type PolicySettings } from '../check-policy.ts'
import type { ApplicationScope, CanaryScope, Repository } from '../discover/repository.ts'
import type { Finding } from '../finding.ts'
import { group } from '../group.ts'
import type { CanaryPicture } from './canary-picture.ts'
import { applicationsOf, type NamedMoment, pictureCanary } from './picture-canary.ts'

export interface PictureSettings extends Pick<PolicySettings, 'argocdVersion' | 'rolloutsVersion' | 'jq'> {
  /** Those of a report, whose moments are marked and, where no usual day has them, drawn as days of their own. */
  readonly findings?: readonly Finding[]
  /** So many canaries are drawn, those first that findings name. */
  readonly most?: number
}

/** The pictures of a repository; `left` is how many canaries are not drawn. */
export interface RepositoryPictures {
  readonly pictures: readonly CanaryPicture[]
  readonly left: number
}

/** A page with more than this is slow to load and read by nobody. */
const mostCanaries = 20

/** Pictures of each Rollout's days, once for each Application that deploys objects of it, judged as Argo CD compares and syncs them. */
export async function pictureRepository(repository: Repository, settings: PictureSettings = {}): Promise<RepositoryPictures> {
  const versions = chooseVersions(settings)
  const jq = settings.jq ?? jqEngine({ gojq: versions.argocd.gojq })
  try {
    const all = canariesOf(repository, settings.findings ?? [])
    const chosen = chooseDrawn(all, settings.most ?? mostCanaries)
    const pictures: CanaryPicture[] = []
    for (const { scope, application, named } of chosen) pictures.push(...(await pictureCanary({ scope, application, versions, jq }, named)))
    return { pictures, left: all.length - chosen.length }
  } finally {
    if (settings.jq === undefined) await jq.close?.()
  }
}

interface NamedCanary {
  readonly scope: CanaryScope
  readonly application: ApplicationScope | undefined
  readonly named: readonly NamedMoment[]
  /** The rules that name it. */
  readonly rules: readonly string[]
}

function canariesOf({ canaries }: Repository, findings: readonly Finding[]): readonly NamedCanary[] {
  const numbered = findings.flatMap(({ moment, rule }, index) => (moment === undefined ? [] : [{ finding: index + 1, rule, ...moment }]))
  const byRollout = group(numbered, ({ rollout }) => refKey(rollout))
  return canaries.flatMap((scope) => {
    const applications = applicationsOf(scope)
    const named = group(byRollout.get(refKey(refOf(scope.rollout.object))) ?? [], (one) => String(Math.max(0, applications.findIndex((application) => application !== undefined && one.application !== undefined && refKey(application.manifest.ref) === refKey(one.application)))))
    return applications.map((application, index) => {
      const found = named.get(String(index)) ?? []
      return { scope, application, named: found.map(({ finding, words }) => ({ finding, words })), rules: found.map(({ rule }) => rule) }
    })
  })
}

/** First those of which a rule speaks that speaks of none before, then others that rules speak of, then the rest; drawn in the order of the repository. */
function chooseDrawn(all: readonly NamedCanary[], most: number): readonly NamedCanary[] {
  if (all.length <= most) return all
  const seen = new Set<string>()
  const firsts = all.filter(({ rules }) => {
    const isNew = rules.some((rule) => !seen.has(rule))
    for (const rule of rules) seen.add(rule)
    return isNew
  })
  const chosen = new Set([...new Set([...firsts, ...all.filter(({ rules }) => rules.length > 0), ...all])].slice(0, most))
  return all.filter((one) => chosen.has(one))
}
