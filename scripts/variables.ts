import { readFileSync } from 'node:fs'

/** A variable of the configuration as the portal reads it: its value or, with `NAME_FILE`, what that file holds. */
export function readVariable(name: string): string | undefined {
  const file = process.env[`${name}_FILE`]
  return process.env[name] || (file ? readFileSync(file, 'utf8').trim() : undefined)
}
