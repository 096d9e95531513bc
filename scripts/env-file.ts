const plain = /^[\w./:@,+=~-]*$/

/** Quotes a value so that Node.js and Compose read it as it is. */
export function quote(value: string): string {
  if (plain.test(value)) return value
  if (/[\r\n]/.test(value)) throw new Error('a value of .env has one line')
  // In single quotes Compose puts nothing in place of a $.
  if (!value.includes("'")) return `'${value}'`
  if (!/["$\\]/.test(value)) return `"${value}"`
  throw new Error(`a value has an apostrophe beside ", $ or \\: put it into a file, and name that as NAME_FILE`)
}

/** Why a value cannot stand in a `.env`, or null. */
export function findUnwritable(value: string): string | null {
  try {
    quote(value)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

/** The text of a `.env` with these values in place of its own; names that it lacks follow at the end. */
export function fillIn(text: string, values: Record<string, string>): string {
  const left = new Map(Object.entries(values))
  const write = (name: string, value: string) => {
    try {
      return `${name}=${quote(value)}`
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`)
    }
  }
  const lines = text.split('\n').map((line) => {
    const [, name = '', rest = ''] = /^(\w+)=(.*)$/.exec(line) ?? []
    const value = left.get(name)
    left.delete(name)
    if (value !== undefined) return write(name, value)
    return /replace-me/.test(rest) ? `${name}=` : line
  })
  const more = [...left].map(([name, value]) => write(name, value))
  return [...lines, ...more].join('\n')
}
