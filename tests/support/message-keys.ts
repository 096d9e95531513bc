import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** A message that the code asks for. In `key`, `*` stands for what is known at run time only. */
export type UsedKey = { file: string; key: string }
/** A message that the code asks for by a variable, and of which the source says nothing. */
export type UnknownKey = { file: string; namespace: string; argument: string }

type Namespaces = Map<string, string>

/**
 * The message keys in a source file: of every translator made by `getTranslations('…')` or `useTranslations('…')`,
 * and of parameters of the type `AskTranslator`.
 */
export function findKeys(file: string): { used: UsedKey[]; unknown: UnknownKey[] } {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const used: UsedKey[] = []
  const unknown: UnknownKey[] = []
  const visit = (node: ts.Node, outer: Namespaces) => {
    const known = ts.isFunctionLike(node) || ts.isSourceFile(node) ? new Map([...outer, ...translatorsIn(node)]) : outer
    const namespace = calledNamespace(node, known)
    if (namespace && ts.isCallExpression(node)) {
      for (const key of keysOf(node.arguments[0])) {
        if (key === null) unknown.push({ file, namespace, argument: node.arguments[0]?.getText() ?? '' })
        else used.push({ file, key: `${namespace}.${key}` })
      }
    }
    ts.forEachChild(node, (child) => visit(child, known))
  }
  visit(source, new Map())
  return { used, unknown }
}

/** The translators that a function or a file declares itself, by name. */
function translatorsIn(scope: ts.Node): Namespaces {
  const found: Namespaces = new Map()
  const add = (name: ts.Node | undefined, value: ts.Node | undefined) => {
    const namespace = value && madeNamespace(value)
    if (namespace && name) found.set(name.getText(), namespace)
  }
  const visit = (node: ts.Node) => {
    if (node !== scope && ts.isFunctionLike(node)) return
    if (ts.isParameter(node) && node.type?.getText() === 'AskTranslator') found.set(node.name.getText(), 'ask')
    if (ts.isVariableDeclaration(node) && node.initializer) {
      const values = parallel(node.initializer)
      if (values && ts.isArrayBindingPattern(node.name)) {
        node.name.elements.forEach((element, index) => {
          if (ts.isBindingElement(element)) add(element.name, values[index])
        })
      } else add(node.name, node.initializer)
    }
    ts.forEachChild(node, visit)
  }
  visit(scope)
  return found
}

const bare = (node: ts.Node): ts.Node =>
  ts.isAwaitExpression(node) || ts.isParenthesizedExpression(node) ? bare(node.expression) : node

/** The values that `await Promise.all([…])` waits for. */
function parallel(node: ts.Node): readonly ts.Node[] | null {
  const call = bare(node)
  if (!ts.isCallExpression(call) || call.expression.getText() !== 'Promise.all') return null
  const list = call.arguments[0]
  return list && ts.isArrayLiteralExpression(list) ? list.elements : null
}

function madeNamespace(node: ts.Node): string | null {
  const call = bare(node)
  if (!ts.isCallExpression(call) || !/^(get|use)Translations$/.test(call.expression.getText())) return null
  const name = call.arguments[0]
  return name && ts.isStringLiteral(name) ? name.text : null
}

/** The namespace of the translator that a call asks: `t('…')`, `t.rich('…')`, `(await getTranslations('…'))('…')`. */
function calledNamespace(node: ts.Node, known: Namespaces): string | null {
  if (!ts.isCallExpression(node)) return null
  const callee = bare(node.expression)
  const isMethod = ts.isPropertyAccessExpression(callee) && /^(rich|markup|raw|has)$/.test(callee.name.text)
  const translator = isMethod ? bare(callee.expression) : callee
  return known.get(translator.getText()) ?? madeNamespace(translator)
}

/** The keys that an argument can be; null for one that only the running program knows. */
function keysOf(argument: ts.Node | undefined): (string | null)[] {
  if (!argument) return []
  if (ts.isStringLiteralLike(argument)) return [argument.text]
  if (ts.isConditionalExpression(argument)) return [...keysOf(argument.whenTrue), ...keysOf(argument.whenFalse)]
  if (!ts.isTemplateExpression(argument)) return [null]
  return [argument.head.text + argument.templateSpans.map(({ literal }) => `*${literal.text}`).join('')]
}
