import { request } from 'node:http'

/** The beginning of a request with one chunk, after which nothing comes. */
export const inChunks = (path: string, bytes: number) =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nTransfer-Encoding: chunked\r\n\r\n${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`

/** A form whose length is not stated ahead, a kilobyte at a time. */
export function sendPieces(url: URL, kilobytes: number): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
    const sent = request(url, { method: 'POST', headers }, (answer) => {
      let body = ''
      answer.on('data', (part) => {
        body += part
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
    })
    sent.on('error', reject)
    for (let sentSoFar = 0; sentSoFar < kilobytes; sentSoFar++) sent.write('x'.repeat(1_024))
    sent.end()
  })
}
