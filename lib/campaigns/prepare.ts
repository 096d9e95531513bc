import 'server-only'
import type { PrepareMail } from '@/lib/mail/mail'

/** Prepares a mail in the transaction that sends it. */
export const prepareMail: PrepareMail = async (tx, { personId, address, template }) => {
  const person = personId ? await tx.person.findUnique({ where: { id: personId } }) : null
  const to = person?.email ?? address
  if (!to || person?.confidential) return { suppressed: 'ended' }
  const text = `This is the mail ${template}.`
  return {
    to: { name: person?.name ?? null, address: to },
    subject: template,
    html: `<p>${text}</p>`,
    text,
    unsubscribeUrl: null,
  }
}
