import { z } from 'zod'
import { findAddressFault, parseAddress } from '@/lib/mail/address'

/** An address of https without a name and password in it. */
export const webhookUrl = z
  .url({ protocol: /^https$/, normalize: true })
  .max(500)
  .refine((text) => {
    const { username, password, hash } = new URL(text)
    return !username && !password && !hash
  })

/** Of a digest: `mailto:` and an address to which this portal sends mail. */
export const digestUrl = z
  .string()
  .refine((text) => findAddressFault(text) === null)
  .transform((text) => `mailto:${parseAddress(text)}`)

/** Who gets a digest; null for a webhook. */
export const addressOf = (url: string): string | null =>
  url.startsWith('mailto:') ? url.slice('mailto:'.length) : null
