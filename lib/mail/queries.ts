import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { db, type Prisma } from '@/lib/db'
import { countedMax } from '@/lib/list/count'
import { afterCursor, type Page, paginate, type TimeCursor, timeCursorOf } from '@/lib/list/pagination'
import { countSentToday } from '@/lib/mail/claim'

export type MailFigures = {
  /** Since when all mail has been stopped. */
  stoppedAt: Date | null
  /** Counted up to `countedMax`, as the others are. */
  waiting: number
  sentToday: number
  perhapsSent: number
  refused: number
}

/** How the outbox stands. Nobody is in it by name. */
export async function getMailFigures(_actor: StaffActor): Promise<MailFigures> {
  const [installation, waiting, sentToday, perhapsSent, refused] = await Promise.all([
    db().installation.findUnique({ where: { id: 1 }, select: { mailStoppedAt: true } }),
    countState('waiting'),
    countSentToday(db()),
    countState('perhaps_sent'),
    countState('refused'),
  ])
  return { stoppedAt: installation?.mailStoppedAt ?? null, waiting, sentToday, perhapsSent, refused }
}

const countState = (state: 'waiting' | 'perhaps_sent' | 'refused') =>
  db().mail.count({ where: { state, again: null }, take: countedMax + 1 })

/** Whether mail can be sent, and to whom; null where no server is configured. */
export function describeSending(_actor: StaffActor) {
  const { mail, orcid } = env()
  if (!mail) return null
  // Names of addresses are nobody's business here.
  const allowed = orcid.registry === 'production' ? null : mail.allowed.length
  return { from: mail.from.address, domains: mail.domains, perDay: mail.perDay, registry: orcid.registry, allowed }
}

const shownFields = {
  id: true,
  kind: true,
  state: true,
  template: true,
  address: true,
  reason: true,
  tries: true,
  sendAfter: true,
  sendingAt: true,
  person: { select: { id: true, orcid: true, name: true, localId: true } },
  mailing: { select: { campaign: { select: { id: true, name: true } } } },
  again: { select: { madeAt: true } },
} satisfies Prisma.MailSelect

type Row = Prisma.MailGetPayload<{ select: typeof shownFields }>

/** A mail that was handed over, or tried to be. */
export type ShownMail = Row & { sendingAt: Date }

/** Mails to confidential people are in no list. */
const shown: Prisma.MailWhereInput = {
  sendingAt: { not: null },
  OR: [{ personId: null }, { person: { confidential: false } }],
}

export const problemStates = ['perhaps_sent', 'refused'] as const
export type ProblemState = (typeof problemStates)[number]

const pageSize = 50

/** Mails that a person may have sent again, the newest first. */
export function listProblems(
  _actor: StaffActor,
  { state, cursor }: { state: ProblemState | null; cursor: TimeCursor | null },
): Promise<Page<ShownMail, TimeCursor>> {
  const read = async (from: TimeCursor | null, take: number) => {
    const { where, orderBy } = afterCursor('sendingAt', from)
    const rows = await db().mail.findMany({
      where: { AND: [{ state: state ?? { in: [...problemStates] } }, shown, where] },
      orderBy,
      take,
      select: shownFields,
    })
    return rows as ShownMail[]
  }
  return paginate({ size: pageSize, cursor, cursorOf: timeCursorOf('sendingAt'), read })
}

/** Mails that failed for now and will be tried again, those that failed last first. */
export async function listRetried(_actor: StaffActor, take: number): Promise<ShownMail[]> {
  const rows = await db().mail.findMany({
    where: { state: 'waiting', ...shown },
    orderBy: [{ sendingAt: 'desc' }, { id: 'desc' }],
    take,
    select: shownFields,
  })
  return rows as ShownMail[]
}
