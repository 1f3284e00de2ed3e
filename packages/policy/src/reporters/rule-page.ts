import type { RuleMeta } from '../rule.ts'
import { rules } from '../rules/index.ts'

/** The pages are published with this package, beside the rules. */
const pages = 'https://unpkg.com/@rollsync/policy/src/rules'

const ours = new Set(rules.map((rule) => rule.meta.id))

/** The address of a rule's page: its own, or the published one; undefined for a team's rule that names none. */
export function rulePage(meta: RuleMeta): string | undefined {
  return meta.url ?? (ours.has(meta.id) ? `${pages}/${meta.id}.md` : undefined)
}
