import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'

/** By name: texts, or the hosts of a domain's mail. */
export type Zone = Record<string, { txt?: string[]; mx?: string[] }>

const types = { mx: 15, txt: 16 } as const
const silent = 'silent.example'

/**
 * Answers questions for TXT and MX over UDP (https://www.rfc-editor.org/rfc/rfc1035#section-4), with NXDOMAIN where
 * nothing is at a name or below it. Says nothing about what is below `silent.example`.
 */
export async function startDnsServer(zone: Zone): Promise<{ resolver: Resolver; asked: string[]; stop(): void }> {
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    const { name, type, end } = readQuestion(query)
    asked.push(name)
    if (name.endsWith(silent)) return
    const answers =
      type === types.txt
        ? (zone[name]?.txt ?? []).map(toTxt)
        : type === types.mx
          ? (zone[name]?.mx ?? []).map((host) => Buffer.concat([Buffer.from([0, 10]), toName(host)]))
          : []
    const isThere = Object.keys(zone).some((known) => known === name || known.endsWith(`.${name}`))
    const head = Buffer.alloc(12)
    query.copy(head, 0, 0, 2)
    head.writeUInt16BE(0x8180 | (isThere ? 0 : 3), 2)
    head.writeUInt16BE(1, 4)
    head.writeUInt16BE(answers.length, 6)
    const records = answers.map((data) => {
      const record = Buffer.alloc(12)
      record.writeUInt16BE(0xc00c, 0)
      record.writeUInt16BE(type, 2)
      record.writeUInt16BE(1, 4)
      record.writeUInt32BE(60, 6)
      record.writeUInt16BE(data.length, 10)
      return Buffer.concat([record, data])
    })
    socket.send(Buffer.concat([head, query.subarray(12, end), ...records]), from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const resolver = new Resolver({ timeout: 300, tries: 1 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  return { resolver, asked, stop: () => void socket.close() }
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

const toName = (host: string) =>
  Buffer.concat([
    ...host.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ])

/** In pieces of 255 bytes. */
function toTxt(text: string): Buffer {
  const bytes = Buffer.from(text)
  const pieces: Buffer[] = []
  for (let at = 0; at === 0 || at < bytes.length; at += 255) {
    const piece = bytes.subarray(at, at + 255)
    pieces.push(Buffer.from([piece.length]), piece)
  }
  return Buffer.concat(pieces)
}
