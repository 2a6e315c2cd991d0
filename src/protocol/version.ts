/**
 * The version of the wire, and its history:
 * - 1: the messages that OrbitDock.app of February 2026 speaks, `hello`, `command_ack`, `command_id` and `revision`.
 *
 * It grows when an older client would misread a newer frame. New optional keys and new messages do not change it.
 */
export const PROTOCOL_VERSION = 1
