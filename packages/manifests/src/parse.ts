import { type Document, parseAllDocuments, type YAMLParseError } from 'yaml'
import { compose } from './compose.ts'
import type { Diagnostic } from './diagnostic.ts'
import { type Manifest, manifestsIn } from './manifest.ts'
import { makeDocument, positionOf, type SourceDocument } from './source-document.ts'
import { decode, lineStarts, type SourceText } from './source-text.ts'
import { growTree, type SyntaxFault } from './syntax.ts'
import { readsAsTemplate } from './template.ts'

/** What a set of files says. `documents` are all documents that could be read, objects of Kubernetes or not (values files, kustomizations); empty ones are left out. */
export interface Parsed {
  readonly manifests: readonly Manifest[]
  readonly documents: readonly SourceDocument[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads YAML and JSON texts, several documents each, as Kubernetes reads them (sigs.k8s.io/yaml): lists are unfolded into their items, aliases and merges resolved.
 * Never throws for what a file holds: what cannot be read becomes a diagnostic, and a file with a syntax error yields nothing else.
 */
export function parse(files: readonly SourceText[]): Parsed {
  const read = files.map(parseFile)
  return {
    manifests: read.flatMap((one) => one.manifests),
    documents: read.flatMap((one) => one.documents),
    diagnostics: read.flatMap((one) => one.diagnostics),
  }
}

function parseFile(source: SourceText): Parsed {
  const decoded = decode(source)
  if ('refused' in decoded) return nothing(decoded.refused)
  const { text } = decoded
  const starts = lineStarts(text)
  const say = (fault: SyntaxFault, severity: Diagnostic['severity'] = 'error'): Diagnostic => ({
    code: fault.code,
    severity,
    message: fault.message,
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
    at: positionOf(source.file, starts, fault.start, fault.end, ''),
  })
  try {
    const trees = treesOf(text)
    const template = trees.faults.some((fault) => fault.code === 'bad-yaml' || fault.code === 'bad-key') ? readsAsTemplate(text) : undefined
    if (template !== undefined) return nothing(say(template, 'info'))
    if (trees.faults.some((fault) => fault.code === 'bad-yaml')) return { manifests: [], documents: [], diagnostics: trees.faults.map((fault) => say(fault)) }
    return readDocuments(source.file, starts, trees, say)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return nothing(say({ code: 'too-deep', message: 'the values are nested too deep', start: 0, end: 0 }))
  }
}

function readDocuments(file: string, starts: readonly number[], trees: Trees, say: (fault: SyntaxFault) => Diagnostic): Parsed {
  const documents: SourceDocument[] = []
  const diagnostics = trees.faults.map((fault) => say(fault))
  const manifests: Manifest[] = []
  trees.trees.forEach((tree, documentIndex) => {
    const composed = compose(tree)
    if ('fault' in composed) {
      diagnostics.push(say(composed.fault))
      return
    }
    if (composed.value === null) return
    const document = makeDocument({ file, documentIndex, value: composed.value, tree, starts })
    documents.push(document)
    const found = manifestsIn(document)
    manifests.push(...found.manifests)
    diagnostics.push(...found.diagnostics)
  })
  return { manifests, documents, diagnostics }
}

function nothing(diagnostic: Diagnostic): Parsed {
  return { manifests: [], documents: [], diagnostics: [diagnostic] }
}

interface Trees {
  readonly trees: readonly ReturnType<typeof growTree>['tree'][]
  readonly faults: readonly SyntaxFault[]
}

function treesOf(text: string): Trees {
  const parsed = parseAllDocuments(text, { schema: 'failsafe', merge: false, uniqueKeys: false, prettyErrors: false, keepSourceTokens: false })
  const documents: readonly Document.Parsed[] = Array.isArray(parsed) ? (parsed as readonly Document.Parsed[]) : []
  const grown = documents.map((document) => growTree(document as unknown as Document, text))
  const errors = documents.flatMap((document) => document.errors.map(syntaxFault))
  return { trees: grown.map((one) => one.tree), faults: [...errors, ...grown.flatMap((one) => one.faults)] }
}

function syntaxFault(error: YAMLParseError): SyntaxFault {
  return { code: 'bad-yaml', message: error.message, start: error.pos[0], end: error.pos[1] }
}
