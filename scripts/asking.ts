import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

export type Ask = (words: string, isSecret: boolean) => Promise<string>

/** Asks on the terminal; what is typed for a secret is not shown. */
export function askOnTerminal(): { ask: Ask; close(): void } {
  let isHidden = false
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!isHidden) process.stdout.write(chunk)
      done()
    },
  })
  const terminal = createInterface({ input: process.stdin, output, terminal: true })
  const ask: Ask = async (words, isSecret) => {
    process.stdout.write(words)
    isHidden = isSecret
    try {
      return (await terminal.question('')).trim()
    } finally {
      if (isHidden) process.stdout.write('\n')
      isHidden = false
    }
  }
  return { ask, close: () => terminal.close() }
}
