import { isMap } from '@rollsync/manifests'
import type { Parameters, TemplateKind } from './generators.ts'

/** A template with every `{{ … }}` filled, or the first action that is not understood. */
export type Filled = { readonly value: unknown } | { readonly why: string }

/** Fills the texts of an ApplicationSet's template: plain parameters in both kinds of templates; functions and pipes of Go templates are not evaluated. */
export function fillTemplate(template: unknown, parameters: Parameters, kind: TemplateKind): Filled {
  let why: string | undefined
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return value.replaceAll(/\{\{(.*?)\}\}/g, (action: string, inside: string) => {
        const found = valueOf(inside.trim(), parameters, kind)
        if (found === undefined) why ??= `${action} is not evaluated`
        return found ?? action
      })
    }
    if (Array.isArray(value)) return value.map(fill)
    return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)])) : value
  }
  const value = fill(template)
  return why === undefined ? { value } : { why }
}

function valueOf(action: string, parameters: Parameters, kind: TemplateKind): string | undefined {
  if (kind === 'fasttemplate') return text(Object.hasOwn(parameters, action) ? parameters[action] : undefined)
  const index = /^index \.([\w.]+) (\d+)$/.exec(action)
  if (index !== null) {
    const list = nested(parameters, index[1] ?? '')
    return text(Array.isArray(list) ? (list as unknown[])[Number(index[2])] : undefined)
  }
  const path = /^\.([\w.-]+)$/.exec(action)
  return path === null ? undefined : text(nested(parameters, path[1] ?? ''))
}

function nested(parameters: Parameters, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined), parameters)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
