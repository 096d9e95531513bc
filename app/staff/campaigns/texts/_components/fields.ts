import { z } from 'zod'
import { templateKey } from '@/lib/mail/mail-text'

/** Which text a form is about; whether there is such a one is looked up. */
export const about = { template: z.string().regex(templateKey), locale: z.string().regex(/^[A-Za-z0-9-]{1,20}$/) }

// PostgreSQL keeps neither NUL nor halves of characters; they are shown as what could not be read.
const text = z
  .string()
  .default('')
  .transform((given) => given.replace(/[\0\p{Cs}]/gu, '\ufffd'))

export const words = { subject: text, body: text.transform((given) => given.replaceAll('\r\n', '\n')) }
