import { RefusedDockerfile } from './refusal';

const NAMES = new Set(
  `ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU
   URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX`.split(/\s+/),
);

/** @throws RefusedDockerfile for what is no signal of Linux, by name or by number */
export function checkSignal(text: string): void {
  if (/^[+-]?\d+$/.test(text)) {
    if (Number(text) === 0) throw new RefusedDockerfile(`invalid signal: ${text}`);
    return;
  }
  const name = text.toUpperCase().replace(/^SIG/, '');
  const realTime = /^RTMIN\+([1-9]|1[0-5])$|^RTMAX-([1-9]|1[0-4])$/.test(name);
  if (!NAMES.has(name) && !realTime) throw new RefusedDockerfile(`invalid signal: ${text}`);
}
