import { z } from 'zod'

/** An address of https without a name and password in it. */
export const webhookUrl = z
  .url({ protocol: /^https$/, normalize: true })
  .max(500)
  .refine((text) => {
    const { username, password, hash } = new URL(text)
    return !username && !password && !hash
  })
