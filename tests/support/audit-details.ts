import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** One place in a source that writes an event: its actions, and the names in its detail. */
export type WrittenDetail = { file: string; actions: string[]; keys: string[]; isOpaque: boolean; text: string }

/** The events that a source file writes: object literals with an `action` of ours, wherever they are built. */
export function findDetails(file: string): WrittenDetail[] {
  const text = readFileSync(file, 'utf8')
  if (!/recordEvent|beginRun/.test(text)) return []
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const variables = declarations(source)
  const found: WrittenDetail[] = []
  const visit = (node: ts.Node) => {
    if (ts.isObjectLiteralExpression(node)) {
      const action = propertyOf(node, 'action', variables)
      const actions = actionsOf(action)
      const detail = propertyOf(node, 'detail', variables)
      if (actions.length > 0 || (action && detail)) {
        const literal = detail && ts.isObjectLiteralExpression(detail) ? detail : null
        const keys = literal ? literal.properties.flatMap((one) => (one.name ? [one.name.getText()] : [])) : []
        const spreads = literal?.properties.some((one) => !one.name) ?? false
        found.push({ file, actions, keys, isOpaque: (detail !== null && !literal) || spreads, text: node.getText() })
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function declarations(source: ts.SourceFile): Map<string, ts.Expression> {
  const found = new Map<string, ts.Expression>()
  const visit = (node: ts.Node) => {
    if (ts.isVariableDeclaration(node) && node.initializer) found.set(node.name.getText(), node.initializer)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function propertyOf(
  literal: ts.ObjectLiteralExpression,
  name: string,
  variables: Map<string, ts.Expression>,
): ts.Expression | null {
  for (const property of literal.properties) {
    if (property.name?.getText() !== name) continue
    if (ts.isShorthandPropertyAssignment(property)) return variables.get(name) ?? property.name
    if (ts.isPropertyAssignment(property)) {
      const { initializer } = property
      return ts.isIdentifier(initializer) ? (variables.get(initializer.text) ?? initializer) : initializer
    }
  }
  return null
}

/** The actions that an expression can be: texts with a dot, in either branch. */
function actionsOf(expression: ts.Expression | null): string[] {
  if (!expression) return []
  if (ts.isAsExpression(expression)) return actionsOf(expression.expression)
  if (ts.isConditionalExpression(expression)) {
    return [...actionsOf(expression.whenTrue), ...actionsOf(expression.whenFalse)]
  }
  return ts.isStringLiteral(expression) && /^[a-z_-]+\.[a-z_-]+$/.test(expression.text) ? [expression.text] : []
}
