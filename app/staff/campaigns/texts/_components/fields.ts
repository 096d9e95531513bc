import { z } from 'zod'

/** Which text a form is about; whether there is such a one is looked up. */
export const about = { template: z.string().max(100), locale: z.string().max(20) }

// PostgreSQL keeps neither NUL nor halves of characters; they are shown as what could not be read.
const text = z
  .string()
  .default('')
  .transform((given) => given.replace(/[\0\p{Cs}]/gu, '\ufffd'))

export const words = { subject: text, body: text.transform((given) => given.replaceAll('\r\n', '\n')) }
