import { isMap } from '@rollsync/manifests'
import { PolicyError } from '../policy-error.ts'
import type { Rule } from '../rule.ts'

const idForm = /^[a-z0-9]+([-/.][a-z0-9]+)*$/

/** The rules that a module of a team exports as its default: one rule or a list. `from` names the module. Throws a PolicyError for anything else, and for an id that is taken. */
export function readRules(exported: unknown, from: string, taken: readonly string[]): readonly Rule[] {
  const list = Array.isArray(exported) ? exported : [exported]
  const ids = new Set(taken)
  for (const one of list) {
    const fault = ruleFault(one)
    if (fault !== undefined) throw new PolicyError('BAD_RULE', `${from}: ${fault}`, { hint: 'export default defineRule({ meta: …, check(context) { … } }), or a list of such rules' })
    const { id } = (one as Rule).meta
    if (ids.has(id)) throw new PolicyError('BAD_RULE', `${from}: there is a rule ${id} already`, { hint: 'give your own rules a prefix, such as team/no-latest' })
    ids.add(id)
  }
  return list as readonly Rule[]
}

function ruleFault(rule: unknown): string | undefined {
  if (!isMap(rule)) return 'its default export is no rule'
  const { meta, check } = rule
  if (!isMap(meta)) return 'a rule without meta'
  if (typeof meta['id'] !== 'string' || !idForm.test(meta['id'])) return 'a rule whose meta.id is no name of small letters, digits, - and /'
  if (typeof check !== 'function') return `rule ${meta['id']} has no check function`
  if (!['error', 'warning', 'info'].includes(meta['severity'] as string)) return `rule ${meta['id']}: meta.severity must be error, warning or info`
  if (typeof meta['recommended'] !== 'boolean') return `rule ${meta['id']}: meta.recommended must be true or false`
  if (!isMap(meta['messages']) || !Object.values(meta['messages']).every((text) => typeof text === 'string')) return `rule ${meta['id']}: meta.messages must map ids to texts`
  for (const key of ['summary', 'hint']) if (typeof meta[key] !== 'string') return `rule ${meta['id']}: meta.${key} must be a text`
  return Array.isArray(meta['threads']) ? undefined : `rule ${meta['id']}: meta.threads must be a list`
}
