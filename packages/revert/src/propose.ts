import { createHash } from 'node:crypto'
import type { Effects } from './effects.ts'
import type { Forge, PullRequest } from './forges/forge.ts'
import type { Repository } from './repositories/repository.ts'
import { revert, type RevertOptions, type RevertResult } from './revert.ts'
import { RevertError } from './revert-error.ts'

/** What the request shall look like beside its one commit. */
export interface ProposalOptions {
  readonly labels?: readonly string[]
  readonly title?: string
  readonly headBranch?: string
}

export interface Proposed extends RevertResult {
  readonly pullRequest?: PullRequest & { readonly state: 'opened' | 'was open' }
}

/** Puts the revert on a branch of its own and opens a pull or merge request; run twice, it finds the one that is open. */
export async function proposeRevert(options: RevertOptions, repository: Repository, forge: Forge, effects: Pick<Effects, 'now' | 'random' | 'sleep' | 'progress'>, more: ProposalOptions = {}): Promise<Proposed> {
  const plan = await revert({ ...options, until: 'plan' }, repository, effects)
  if (plan.state === 'already there') return plan
  const head = more.headBranch ?? branchName(plan, repository.branch)
  const open = await forge.find(head, repository.branch)
  if (open !== undefined) return { ...plan, pullRequest: { ...open, state: 'was open' } }
  const { branchOff } = repository
  if (branchOff === undefined) throw new RevertError('unsupported-repository', `${repository.name} takes no new branch`)
  const aside: Repository = {
    ...repository,
    branch: head,
    // A branch of that name without an open request is left from an earlier run that was stopped; its commit says the same.
    publish: async (commit) => branchOff(commit, head).then(() => ({ outcome: 'landed' })),
  }
  // Asked before anything is written: a label that there is not is no reason to leave a branch behind.
  const labels = more.labels === undefined || more.labels.length === 0 ? [] : await forge.labels(more.labels)
  const done = await revert(options, aside, effects)
  if (done.state !== 'reverted') return done
  const request = { head, base: repository.branch, title: more.title ?? (done.message ?? '').split('\n')[0] ?? 'Revert', body: bodyOf(done), labels }
  const opened = await forge.open(request)
  return { ...done, landedOn: { repository: repository.name, branch: head }, pullRequest: { ...opened, state: 'opened' } }
}

/** The same revert on the same branch has the same name. */
export function branchName(plan: Pick<RevertResult, 'from' | 'to' | 'sites'>, base: string): string {
  const name = (plan.to.split(/[@,]/)[0] ?? '').split('/').at(-1)?.replaceAll(/[^\w.-]+/g, '-').replaceAll(/\.{2,}|\.$|\.lock$/g, '-').slice(0, 60) ?? ''
  const hash = createHash('sha256').update(JSON.stringify([base, plan.from, plan.to, plan.sites.map((site) => [site.file, site.what])])).digest('hex').slice(0, 10)
  return `rollsync/revert-to-${name}-${hash}`
}

function bodyOf(result: RevertResult): string {
  const sites = result.sites.map((site) => `- \`${site.file}\` line ${site.line}: \`${site.before}\` → \`${site.after}\``)
  const updaters = result.updaters.map((one) => `- ${one.updater}: ${one.what}. \`${one.stop}\``)
  return [`Restores \`${result.to}\`.`, '', ...sites, ...(updaters.length === 0 ? [] : ['', 'What may undo this:', ...updaters])].join('\n')
}
