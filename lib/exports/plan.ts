import type { ExportFormat } from '@/lib/exports/format'

export const planFormats = ['csv', 'xlsx', 'jsonl', 'ldif', 'names'] as const satisfies readonly ExportFormat[]
export const planEvery = ['daily', 'weekly'] as const
export const planPlaces = ['folder', 'sftp'] as const

export const planMonths = 12
/** So many days before the end, administrators are told. */
export const tellDays = [30, 7] as const

/** Why a file did not arrive. */
export const deliveryFaults = [
  'host_key_new',
  'host_key_changed',
  'key_lost',
  'signing_in',
  'unreachable',
  'path',
  'no_folder',
  'folder',
  'recipient',
  'too_many_rows',
  'system_stopped',
  'broken_off',
  'unknown',
] as const
export type DeliveryFault = (typeof deliveryFaults)[number]

/** Trying again does not help: somebody has to do something. */
export const needsSomebody: readonly DeliveryFault[] = [
  'host_key_new',
  'host_key_changed',
  'key_lost',
  'no_folder',
  'recipient',
  'too_many_rows',
]

export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'
  constructor(
    readonly fault: DeliveryFault,
    options?: ErrorOptions,
  ) {
    super(`The file was not delivered: ${fault}`, options)
  }
}
