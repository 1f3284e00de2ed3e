import { Composer, type Document, parseAllDocuments, Parser, type YAMLParseError } from 'yaml'
import { compose } from './compose.ts'
import { type Diagnostic, usualHints } from './diagnostic.ts'
import { type Manifest, manifestsIn } from './manifest.ts'
import { placeIn, type Shape, shapeOf, valueIn, writtenIn } from './shape.ts'
import { commentAfter, findIn, makeDocument, partOf, positionOf, scalarIn, type SourceDocument } from './source-document.ts'
import { columnOf, decode, type LineAndColumn, lineAndColumn, lineStarts, type SourceText } from './source-text.ts'
import { growTree, type SyntaxFault, type SyntaxTree } from './syntax.ts'
import { readsAsTemplate } from './template.ts'
import { besideKnown, boundaryOf, inWords, offsetOf, skeletonOf, type WordedText, wordsOf } from './words.ts'

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
  const read = parseEach(files)
  return {
    manifests: read.flatMap((one) => one.manifests),
    documents: read.flatMap((one) => one.documents),
    diagnostics: read.flatMap((one) => one.diagnostics),
  }
}

/** The same, file by file. Of files that differ in words alone one is parsed; the answer is that of a parse each. */
export function parseEach(files: readonly SourceText[]): readonly Parsed[] {
  const shapes = new Map<string, KnownShape>()
  return files.map((file) => parseFile(file, files.length === 1 ? undefined : shapes))
}

/** A text that was parsed, and from the second one of its kind on its shape; `none` where it has none that can be shared. */
interface KnownShape {
  readonly text: string
  readonly trees: readonly SyntaxTree[]
  shared?: SharedShape | 'none'
}

interface SharedShape {
  readonly text: WordedText
  readonly words: readonly string[]
  readonly starts: readonly number[]
  readonly shapes: readonly Shape[]
}

function parseFile(source: SourceText, shapes: Map<string, KnownShape> | undefined): Parsed {
  const decoded = decode(source)
  if ('refused' in decoded) return nothing(decoded.refused)
  const { text } = decoded
  const skeleton = shapes === undefined ? undefined : skeletonOf(text)
  const known = skeleton === undefined ? undefined : shapes?.get(skeleton)
  const answer = known === undefined ? undefined : likeKnown(source.file, text, known)
  if (answer !== undefined) return answer
  const starts = lineStarts(text)
  const say = (fault: SyntaxFault, severity: Diagnostic['severity'] = 'error'): Diagnostic => {
    const { code, message, hint = usualHints[code] } = fault
    return { code, severity, message, ...(hint === undefined ? {} : { hint }), at: positionOf(source.file, starts, fault.start, fault.end, '') }
  }
  try {
    const trees = treesOf(text)
    const template = trees.faults.some((fault) => fault.code === 'bad-yaml' || fault.code === 'bad-key') ? readsAsTemplate(text) : undefined
    if (template !== undefined) return nothing(say(template, 'info'))
    if (trees.faults.some((fault) => fault.code === 'bad-yaml')) return { manifests: [], documents: [], diagnostics: trees.faults.slice(0, mostFaults).map((fault) => say(fault)) }
    if (skeleton !== undefined && known === undefined && trees.faults.length === 0) shapes?.set(skeleton, { text, trees: trees.trees })
    return readDocuments(source.file, starts, trees, say)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return nothing(say({ code: 'too-deep', message: 'the values are nested too deep', start: 0, end: 0 }))
  }
}

/** The answer for a text that differs from a known one in words alone; undefined where it needs a parse of its own. */
function likeKnown(file: string, text: string, known: KnownShape): Parsed | undefined {
  known.shared ??= sharedShape(known)
  if (known.shared === 'none') return undefined
  const { shapes, text: first, starts } = known.shared
  const words = wordsOf(text)
  const own = inWords(text, words)
  const compared = besideKnown(own, words, known.shared.words)
  const values = shapes.map((shape) => valueIn(shape, compared))
  if (values.includes(undefined)) return undefined
  // What is no word is the same in both texts, line ends among it.
  const spotOf = (theirs: number): LineAndColumn => ({ line: lineAndColumn(starts, theirs).line, column: columnOf(text, offsetOf(own, boundaryOf(first, theirs))) })
  let trees: readonly SyntaxTree[] | undefined
  const documents = values.flatMap((found, documentIndex) => {
    const [shape, theirs] = [shapes[documentIndex], known.trees[documentIndex]]
    if (found === undefined || found.value === null || shape === undefined || theirs === undefined) return []
    return makeDocument({
      file, documentIndex, text, value: found.value,
      tree: () => (trees ??= treesOf(text).trees)[documentIndex] ?? theirs,
      find: (tokens, part) => {
        const { depth, shape: { node }, pair } = placeIn(shape, own, tokens)
        const [start, end] = partOf(theirs, { node, ...(pair === undefined ? {} : { pair }) }, part)
        return { depth, from: spotOf(start), to: spotOf(end) }
      },
      scalar: (tokens) => {
        const { depth, shape: found } = placeIn(shape, own, tokens)
        if (depth < tokens.length || found.is !== 'scalar') return undefined
        const written = writtenIn(found, own)
        return { ...written, raw: text.slice(written.start, written.end), style: styles[found.style], comment: commentAfter(text, written.end), through: 'direct' }
      },
    })
  })
  const found = documents.map((document) => manifestsIn(document))
  return { documents, manifests: found.flatMap((one) => one.manifests), diagnostics: found.flatMap((one) => one.diagnostics) }
}

const styles = { plain: 'plain', single: 'single-quoted', double: 'double-quoted' } as const

function sharedShape({ text, trees }: KnownShape): SharedShape | 'none' {
  const words = wordsOf(text)
  const worded = inWords(text, words)
  const shapes = trees.map((tree) => shapeOf(tree, worded))
  return shapes.includes(undefined) ? 'none' : { text: worded, words, starts: lineStarts(text), shapes: shapes.filter((shape) => shape !== undefined) }
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
    const document = makeDocument({ file, documentIndex, text: tree.text, value: composed.value, tree: () => tree, find: (tokens, part) => findIn(tree, starts, tokens, part), scalar: (tokens) => scalarIn(tree, tokens) })
    documents.push(document)
    const found = manifestsIn(document)
    manifests.push(...found.manifests)
    diagnostics.push(...found.diagnostics)
  })
  return { manifests, documents, diagnostics }
}

/** One fault makes hundreds after it. */
const mostFaults = 3

function nothing(diagnostic: Diagnostic): Parsed {
  return { manifests: [], documents: [], diagnostics: [diagnostic] }
}

const options = { schema: 'failsafe', merge: false, uniqueKeys: false, prettyErrors: false, keepSourceTokens: false } as const

/** As Go's YAML reads them, the lines of a text in quotes may stand further left than YAML allows: definitions of custom resources are generated that way. */
function withLooseQuotes(text: string): readonly Document.Parsed[] {
  const parser = new Parser() as unknown as { readonly lexer: { indentNext: number; parseQuotedScalar: () => Generator<string, unknown> }; readonly parse: Parser['parse'] }
  const strict = parser.lexer.parseQuotedScalar.bind(parser.lexer)
  parser.lexer.parseQuotedScalar = function* () {
    const { indentNext } = parser.lexer
    parser.lexer.indentNext = 0
    try {
      return yield* strict()
    } finally {
      parser.lexer.indentNext = indentNext
    }
  }
  return [...new Composer(options).compose(parser.parse(text))] as readonly Document.Parsed[]
}

interface Trees {
  readonly trees: readonly SyntaxTree[]
  readonly faults: readonly SyntaxFault[]
}

function treesOf(text: string): Trees {
  const parsed = parseAllDocuments(text, options)
  const strict: readonly Document.Parsed[] = Array.isArray(parsed) ? (parsed as readonly Document.Parsed[]) : []
  const documents = strict.some(({ errors }) => errors.some(({ code }) => code === 'MISSING_CHAR')) ? withLooseQuotes(text) : strict
  const grown = documents.map((document) => growTree(document as unknown as Document, text))
  const [first, ...rest] = documents.flatMap((document) => document.errors.map(syntaxFault))
  // One slip gives several errors; the first is nearest to it.
  const errors = first === undefined ? [] : [{ ...first, hint: 'the cause often stands a line above: a quote or bracket left open, a tab, an indentation that does not match' }, ...rest]
  return { trees: grown.map((one) => one.tree), faults: [...errors, ...grown.flatMap((one) => one.faults)] }
}

function syntaxFault(error: YAMLParseError): SyntaxFault {
  return { code: 'bad-yaml', message: error.message, start: error.pos[0], end: error.pos[1] }
}
