import { type Armed, type Board, type Powers, perform } from './board'
import type { Point } from './plan'
import type { Link, Tap } from './tap-proxy'

// The statements that claim an attempt (`lib/attempts/commands.ts`) and that begin its record (`lib/attempts/saving.ts`).
const claim = /update authorization_attempt set state = 'exchanging'/
const save = /from authorization_attempt a [^;]*a\.state = 'exchanging' for update/
// What a trial's exchange brought is recorded by Prisma's own statements: whatever changes its attempt.
const end = /UPDATE "public"\."authorization_attempt"/
// The server is ready for the next statement, and in no transaction.
const idle = Buffer.from('Z\0\0\0\u0005I')

type Stage = 'sent' | 'answered' | 'commit-sent' | 'commit-answered'

/** The claim is one statement, and so its own COMMIT. */
const pointsOf = (kind: 'claim' | 'save', stage: Stage): Point[] =>
  kind === 'claim'
    ? [`claim-${stage}`, stage === 'sent' ? 'claim-commit-sent' : 'claim-commit-answered']
    : [`save-${stage}`]

/**
 * Follows one connection of the portal to PostgreSQL, by its statements
 * (https://www.postgresql.org/docs/current/protocol-flow.html): the claim of an attempt, the record of its grant, and the
 * COMMIT of each.
 */
export function makeDatabaseTap(link: Link, board: Board, powers: Powers): Tap {
  // What was sent since the server last spoke.
  let statement = ''
  let transaction: { armed: Armed; kind: 'claim' | 'save'; stage: Stage } | null = null

  const meet = async (forward: () => void) => {
    if (!transaction) return forward()
    const { armed, kind, stage } = transaction
    for (const point of pointsOf(kind, stage)) {
      const found = board.take(armed, point)
      if (found) return perform(found.action, link, forward, powers)
    }
    return forward()
  }

  return {
    sent: (bytes) => {
      const forward = () => link.toServer(bytes)
      statement += bytes.toString('latin1')
      const begun = transaction ? null : findBeginning(statement, board)
      if (begun) transaction = { ...begun, stage: 'sent' }
      else if (transaction?.stage === 'answered' && statement.includes('COMMIT')) transaction.stage = 'commit-sent'
      else {
        if (transaction?.stage === 'answered' && statement.includes('ROLLBACK')) transaction = null
        return forward()
      }
      statement = ''
      return meet(forward)
    },
    answered: async (bytes) => {
      const forward = () => link.toClient(bytes)
      statement = ''
      if (transaction?.stage === 'sent') transaction.stage = 'answered'
      else if (transaction?.stage === 'commit-sent') transaction.stage = 'commit-answered'
      else return forward()
      await meet(forward)
      const isOver = transaction.stage === 'commit-answered' || transaction.kind === 'claim'
      if (isOver || bytes.subarray(-idle.length).equals(idle)) transaction = null
    },
  }
}

function findBeginning(statement: string, board: Board): { armed: Armed; kind: 'claim' | 'save' } | null {
  const kind = claim.test(statement) ? 'claim' : save.test(statement) || end.test(statement) ? 'save' : null
  const armed = kind && board.findAttempt(statement)
  if (!armed || (end.test(statement) && !armed.isTrial)) return null
  return { armed, kind }
}
