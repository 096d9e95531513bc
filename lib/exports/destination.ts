import 'server-only'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { env } from '@/lib/config/env'
import { DeliveryError } from '@/lib/exports/plan'

/** Where files go. A name is there once the whole file is. */
export type Destination = {
  write(name: string, file: AsyncIterable<Uint8Array>): Promise<void>
  close(): void
}

/** Each plan has a folder of its own below `EXPORT_FOLDER`. No part of the path comes from a form. */
export async function openFolder(planId: string): Promise<Destination> {
  const root = env().exportFolder
  if (!root) throw new DeliveryError('no_folder')
  const folder = path.join(root, planId)
  const inFolder = <T>(work: Promise<T>) =>
    work.catch((cause: NodeJS.ErrnoException) => {
      throw typeof cause.code === 'string' && cause.syscall ? new DeliveryError('folder', { cause }) : cause
    })
  await inFolder(mkdir(folder, { recursive: true, mode: 0o750 }))
  return {
    async write(name, file) {
      const temporary = path.join(folder, `.${name}.part`)
      try {
        await inFolder(pipeline(Readable.from(file), createWriteStream(temporary, { mode: 0o640, flush: true })))
        await inFolder(rename(temporary, path.join(folder, name)))
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    },
    close: () => undefined,
  }
}
