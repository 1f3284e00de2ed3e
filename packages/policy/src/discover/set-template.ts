import { isMap } from '@rollsync/manifests'
import { executeTemplate } from './go-template/execute.ts'

/** What one generated Application is made with: nested for Go templates, flat with dotted keys for fasttemplate. */
export type Parameters = Readonly<Record<string, unknown>>

/** How the templates of one ApplicationSet are filled: by fasttemplate, or as Go templates with `options` (goTemplateOptions). */
export type TemplateKind = { readonly kind: 'fasttemplate' } | { readonly kind: 'go'; readonly options: readonly string[] }

/** A text with every `{{ … }}` filled, or what is not understood of it. */
export type Replaced = { readonly text: string } | { readonly why: string; readonly missing: 'yes' | 'no' }

/** applicationset/utils/utils.go Replace. */
export function replace(text: string, parameters: Parameters, kind: TemplateKind): Replaced {
  if (kind.kind === 'go') return executeTemplate(text, parameters, kind.options)
  // fasttemplate leaves a tag that names no text as it stands
  return { text: text.replaceAll(/\{\{([\s\S]*?)\}\}/g, (tag: string, name: string) => (Object.hasOwn(parameters, name.trim()) && typeof parameters[name.trim()] === 'string' ? String(parameters[name.trim()]) : tag)) }
}

/** A template with every text filled, keys too; `why` is the first one that is not understood. */
export type Filled = { readonly value: unknown; readonly why?: string }

/** utils.go deeplyReplace: every text of a value, keys of maps among them. Without parameters a template is taken as it is. */
export function fillTemplate(template: unknown, parameters: Parameters, kind: TemplateKind): Filled {
  if (Object.keys(parameters).length === 0) return { value: template }
  let why: string | undefined
  const fillText = (text: string): string => {
    const filled = replace(text, parameters, kind)
    if ('why' in filled) why ??= `${shortened(text)} is not evaluated (${filled.why})`
    return 'why' in filled ? text : filled.text
  }
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return fillText(value)
    if (Array.isArray(value)) return value.map(fill)
    return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [fillText(key), fill(inner)])) : value
  }
  const value = fill(template)
  return why === undefined ? { value } : { value, why }
}

function shortened(text: string): string {
  const line = text.trim().split('\n')[0] ?? ''
  return line.length > 80 ? `${line.slice(0, 80)}…` : line
}

/** The first text that a filled template should not hold: a parameter that there is not. */
export function unfilled(value: unknown): string | undefined {
  if (typeof value === 'string') return /\{\{[\s\S]*?\}\}|<no value>/.exec(value)?.[0]
  if (Array.isArray(value)) return value.map(unfilled).find((one) => one !== undefined)
  return isMap(value) ? Object.entries(value).flat().map(unfilled).find((one) => one !== undefined) : undefined
}
