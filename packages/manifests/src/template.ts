import type { SyntaxFault } from './syntax.ts'

const line = /^[^\n#'"|>]*?(?:^|[\s:[,-])(\{\{)/m

/** For a text that is no readable YAML: whether that is because of unquoted `{{ … }}` that another program has to render first, and where the first one stands. */
export function readsAsTemplate(text: string): SyntaxFault | undefined {
  const match = line.exec(text)
  if (match === null) return undefined
  const start = match.index + match[0].length - 2
  return { code: 'template', message: 'a template that another program renders; it is not read', hint: 'give the rendered manifests instead (helm template …)', start, end: start + 2 }
}
