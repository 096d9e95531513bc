import 'server-only'
import type { PrepareMail } from '@/lib/mail/mail'

/** Checks again that the person is still to be asked, and renders the mail. */
export const prepareMail: PrepareMail = async () => ({ suppressed: 'ended' })
