import { setTimeout as sleep } from 'node:timers/promises'
import type { TestRegistry } from '@/tests/support/registry'
import { type Armed, type Board, type Powers, perform } from './board'
import { isForeign, toForeign } from './foreign'
import type { RegistryFault } from './plan'
import type { Link, Tap } from './tap-proxy'

const tokenRequest = 'POST /oauth/token '

/**
 * Looks at one connection to the registry. Everything is passed on as it is, but for an exchange, which has a connection
 * of its own: its request is collected to know its code, and its answer to count its bytes.
 */
export function makeRegistryTap(
  link: Link,
  board: Board,
  powers: Powers,
  registry: () => Pick<TestRegistry, 'addFault'>,
): Tap {
  let kind: 'unknown' | 'exchange' | 'other' = 'unknown'
  let request = Buffer.alloc(0)
  let answer = Buffer.alloc(0)
  let armed: Armed | null = null
  let isAnswered = false

  return {
    sent: async (bytes) => {
      if (kind === 'unknown') kind = bytes.toString('latin1').startsWith(tokenRequest) ? 'exchange' : 'other'
      if (kind === 'other') return link.toServer(bytes)
      request = Buffer.concat([request, bytes])
      const code = readCode(request.toString('latin1'))
      if (code === null) return
      const presented = board.present(code)
      armed = presented.times === 1 ? presented.armed : null
      const point = presented.times === 1 ? 'token-request' : 'recovery-request'
      const found = presented.armed && board.take(presented.armed, point)
      const whole = request
      const forward = () => link.toServer(whole)
      if (!found) return forward()
      if (found.action.do === 'registry') await registry().addFault(toFault(found.action.fault, found.afterBytes))
      await perform(found.action, link, forward, powers)
    },
    answered: (bytes) => {
      if (kind !== 'exchange') return link.toClient(bytes)
      answer = Buffer.concat([answer, bytes])
      if (!isWhole(answer)) return
      isAnswered = true
      return playAnswer(answer, armed, { link, board, powers })
    },
    // An answer that the registry has cut itself is passed on as far as it came.
    finished: () => {
      if (kind === 'exchange' && !isAnswered) link.toClient(answer)
    },
  }
}

/** Passes an answer on in two parts, with what was planned between them. */
async function playAnswer(
  answer: Buffer,
  armed: Armed | null,
  { link, board, powers }: { link: Link; board: Board; powers: Powers },
): Promise<void> {
  const found =
    armed &&
    (board.take(armed, 'answer-first-byte') ??
      board.take(armed, 'answer-some-byte') ??
      board.take(armed, 'answer-last-byte'))
  if (!found) return link.toClient(answer)
  const atByte = { 'answer-first-byte': 1, 'answer-last-byte': answer.length - 1 }
  const at =
    found.at in atByte ? atByte[found.at as keyof typeof atByte] : Math.min(found.afterBytes, answer.length - 1)
  link.toClient(answer.subarray(0, at))
  const rest = () => link.toClient(answer.subarray(at))
  if (found.action.do !== 'slow-close') {
    // The first part shall have arrived before the rest meets its fate.
    await sleep(5)
    return perform(found.action, link, rest, powers)
  }
  await sleep(found.action.ms)
  rest()
}

/** The code of a complete request, `''` where there is none; null while the request is not complete. */
function readCode(request: string): string | null {
  const body = readBody(request)
  return body === null ? null : (new URLSearchParams(body).get('code') ?? '')
}

const isWhole = (answer: Buffer) => readBody(answer.toString('latin1')) !== null

function readBody(message: string): string | null {
  const end = message.indexOf('\r\n\r\n')
  if (end < 0) return null
  const body = message.slice(end + 4)
  const length = Number(/^content-length: *(\d+)/im.exec(message.slice(0, end))?.[1] ?? Number.POSITIVE_INFINITY)
  return body.length >= length ? body : null
}

function toFault(fault: RegistryFault, afterBytes: number): Parameters<TestRegistry['addFault']>[0] {
  if (isForeign(fault)) return toForeign('token', fault)
  if (fault === 'html_500_issued') return { on: 'token', fault: 'html_500', issued: true }
  if (fault === 'cut' || fault === 'torn_json') return { on: 'token', fault, afterBytes: afterBytes % 900 }
  return fault === 'slow' ? { on: 'token', fault, delayMs: 1_500 } : { on: 'token', fault }
}
