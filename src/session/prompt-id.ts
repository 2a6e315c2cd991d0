/** Ids of prompts that clients send: the agent keeps them in its transcript, and may want them to be UUIDs. */

const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-[0-9a-f]{4}-([0-9a-f]{4})-[0-9a-f]{12}$/i
const HEX = 16
const SEQUENCE_DIGITS = 12

/**
 * The id of the prompt with this sequence: a UUID (RFC 9562, version 8) made of the session's own and the sequence, so
 * that it is the same whoever computes it. A session whose id is no UUID gets a plain word.
 */
export function promptId(sessionId: string, sequence: number): string {
  const [, first, second, fourth] = UUID.exec(sessionId.toLowerCase()) ?? []
  if (first === undefined) return `prompt:${sequence}`
  return `${first}-${second}-8000-${fourth}-${sequence.toString(HEX).padStart(SEQUENCE_DIGITS, '0')}`
}
