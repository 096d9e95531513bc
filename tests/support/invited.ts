import { randomUUID } from 'node:crypto'

type Rows = (sql: string, values?: unknown[]) => Promise<Record<string, string>[]>

/** Settings of a portal that can send mail. */
export const mailSettings = {
  SMTP_URL: 'smtp://127.0.0.1:9',
  MAIL_FROM: 'Library <library@example.org>',
  MAIL_DOMAINS: 'example.org',
  MAIL_ALLOWED: '@example.org',
  MAIL_WEBHOOK_SECRET: 'Hk7wQ2mZt9xRb4nVc6pLd8sYf3gJa5eT',
}

/** Somebody on the roster, with an open invitation that one mail was sent for and another waits for. */
export async function addInvited(rows: Rows, localId: string, email = `${localId}@example.org`) {
  const [person] = await rows(
    `insert into person (local_id, given_name, family_name, email, kind, origin)
     values ($1, 'Bo', $2, $3, 'staff', 'imported') returning id::text`,
    [localId, `Wexford-${localId}`, email],
  )
  const personId = person?.id ?? ''
  const [invitation] = await rows('insert into invitation (person_id) values ($1) returning id::text', [personId])
  const invitationId = invitation?.id ?? ''
  const add = (state: string, kind = 'invitation') => addMail(rows, { personId, invitationId, state, kind })
  const sent = await add('sent')
  const waiting = await add('waiting')
  return { personId, invitationId, sent, waiting, add }
}

type NewMail = { personId?: string; invitationId?: string; state: string; kind?: string; staffId?: string }

/** A mail in the outbox. */
export async function addMail(rows: Rows, { personId, invitationId, state, kind = 'invitation', staffId }: NewMail) {
  const id = randomUUID()
  const messageId = `<${id}@example.org>`
  await rows(
    `insert into mail (id, kind, state, message_id, person_id, invitation_id, staff_id, template, locale, sending_at, sent_at)
     values ($1, $2::mail_kind, $3::mail_state, $4, $5, $6, $7, 'invitation', 'en',
       case when $3 <> 'waiting' then now() end, case when $3 = 'sent' then now() end)`,
    [id, kind, state, messageId, personId ?? null, invitationId ?? null, staffId ?? null],
  )
  return { id, messageId }
}
