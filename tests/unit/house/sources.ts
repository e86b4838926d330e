import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

/** Texts of files by their path from the repository's root. */
export type Sources = ReadonlyMap<string, string>

/** `target` is a path from the root for a relative import, otherwise the package as it is written. */
export interface Import {
  target: string
  typeOnly: boolean
}

/** What stands for the target of an `import()` that only running the code would tell. */
export const COMPUTED = '(computed)'

export const ROOT = path.join(import.meta.dirname, '../../..')

/** Our files of a folder and of those inside it, by their path from the root; of the root itself only what stands in it. */
export function filesUnder(folder: string): string[] {
  const entries = readdirSync(path.join(ROOT, folder), {
    recursive: folder !== '.',
    withFileTypes: true,
  })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(ROOT, path.join(parentPath, name)))
    .filter((file) => !file.includes('node_modules/'))
}

/** Every file of code under the folders. */
export const readSources = (...folders: string[]): Sources => readTexts(/\.[cm]?[jt]s$/, ...folders)

/** Every file under the folders that is called so. */
export function readTexts(named: RegExp, ...folders: string[]): Sources {
  const files = folders.flatMap(filesUnder).filter((name) => named.test(name))
  return new Map(files.map((file) => [file, readFileSync(path.join(ROOT, file), 'utf8')]))
}

/** Imports of every kind: `import`, `import type`, `export … from`, `import()`, types by `import()`, `require()`. */
export function importsOf(file: string, text: string): Import[] {
  const target = (written: string) =>
    written.startsWith('.') ? path.posix.join(path.posix.dirname(file), written) : written
  return nodesOf(file, text).flatMap((node) => {
    const found = importIn(node)
    return found ? [{ ...found, target: target(found.target) }] : []
  })
}

function importIn(node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node)) {
    const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    return { target: written(node.moduleSpecifier), typeOnly }
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return { target: written(node.moduleSpecifier), typeOnly: node.isTypeOnly }
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { target: written(node.argument.literal), typeOnly: true }
  }
  return ts.isCallExpression(node) && loadsModule(node.expression)
    ? { target: written(node.arguments[0]), typeOnly: false }
    : undefined
}

const loadsModule = (called: ts.Expression) =>
  called.kind === ts.SyntaxKind.ImportKeyword ||
  (ts.isIdentifier(called) && called.text === 'require')

const written = (node: ts.Node | undefined) =>
  node && ts.isStringLiteralLike(node) ? node.text : COMPUTED

/** Lower case, with a space wherever a name goes on with a capital: `VkSettings` is `vk settings`. */
export const inWords = (text: string): string =>
  text.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2').toLowerCase()

/** Names and literals of a file of code, one a line. */
export const withoutComments = (file: string, text: string): string =>
  nodesOf(file, text)
    .flatMap((node) =>
      ts.isIdentifier(node) ||
      ts.isPrivateIdentifier(node) ||
      ts.isLiteralExpression(node) ||
      isTemplatePart(node)
        ? [node.text]
        : [],
    )
    .join('\n')

const isTemplatePart = (node: ts.Node) =>
  ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)

/** Whether a file looks at the environment; every way to the object counts, and so does handing it on. */
export function readsEnvironment(file: string, text: string): boolean {
  const imported = importsOf(file, text).some(({ target }) => /^(node:)?process$/.test(target))
  return (
    imported || nodesOf(file, text).some((node) => ts.isIdentifier(node) && isEnvironment(node))
  )
}

function isEnvironment(node: ts.Identifier): boolean {
  const { parent } = node
  if (node.text !== 'process') return false
  if (ts.isPropertyAssignment(parent) && parent.name === node) return false
  if (!ts.isPropertyAccessExpression(parent)) return true
  return parent.expression === node && parent.name.text === 'env'
}

/** Parsing is most of what a look at the house costs, and many look at the same files. */
const parsed = new Map<string, { text: string; nodes: readonly ts.Node[] }>()

function nodesOf(file: string, text: string): readonly ts.Node[] {
  const known = parsed.get(file)
  if (known?.text === text) return known.nodes
  const nodes = parse(file, text)
  parsed.set(file, { text, nodes })
  return nodes
}

function parse(file: string, text: string): ts.Node[] {
  const nodes: ts.Node[] = []
  const visit = (node: ts.Node) => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true))
  return nodes
}

/** Functions that are written where they are assigned to a property, by what they are assigned to. */
export const functionsAssigned = (file: string, text: string): string[] =>
  nodesOf(file, text)
    .filter((node) => ts.isBinaryExpression(node))
    .filter(
      ({ left, operatorToken, right }) =>
        operatorToken.kind === ts.SyntaxKind.EqualsToken &&
        (ts.isPropertyAccessExpression(left) || ts.isElementAccessExpression(left)) &&
        (ts.isArrowFunction(right) || ts.isFunctionExpression(right)),
    )
    .map(({ left }) => left.getText())

/** Names that stand in `events.add({ event: … })`, or that the type of what is handed on allows. */
export function eventsIn(files: Sources): string[] {
  const names = [...files].flatMap(([file, text]) => {
    const nodes = nodesOf(file, text)
    return nodes.flatMap((node) => {
      const value = eventAdded(node)
      return value ? namesOf(value, nodes) : []
    })
  })
  return [...new Set(names)]
}

function eventAdded(node: ts.Node): ts.Node | undefined {
  if (!ts.isCallExpression(node) || !/(^|\.)events\.add$/.test(node.expression.getText())) return
  const [entry] = node.arguments
  if (!entry || !ts.isObjectLiteralExpression(entry)) return entry
  const property = entry.properties.find(({ name }) => name?.getText() === 'event')
  return property && ts.isPropertyAssignment(property) ? property.initializer : property?.name
}

function namesOf(value: ts.Node, nodes: readonly ts.Node[]): string[] {
  if (ts.isStringLiteralLike(value)) return [value.text]
  if (ts.isConditionalExpression(value))
    return [value.whenTrue, value.whenFalse].flatMap((branch) => namesOf(branch, nodes))
  const declared = nodes.find(
    (node) => ts.isParameter(node) && node.name.getText() === value.getText(),
  )
  const type = declared && ts.isParameter(declared) ? declared.type : undefined
  const literals = type ? (type.getText().match(/(?<=')\w+(?=')/g) ?? []) : []
  return literals.length > 0 ? literals : [COMPUTED]
}
