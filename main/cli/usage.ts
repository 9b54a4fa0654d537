/** What `countersign help` says. */
import { stUsage } from './st-command.ts';

export const usage = `countersign: sign documents with a smart card or USB token

  accounts [list] | add URL --user NAME [--client-id ID] [--password-fd N] | remove ACCOUNT [--force]
  accounts sign-in [ACCOUNT] [--user NAME] [--password-fd N] | sign-out [ACCOUNT]
  sync [--pause | --resume]         read what is new, deliver what waits; or stop doing so by itself, or start again
  inbox [VIEW] [--search TEXT]      to-do to-fill to-sign waiting done declined drafts outbox all
  show ID                           one transaction
  sign ID… [--level B-B|B-T|B-LT|B-LTA] [--reason TEXT] [--location TEXT] [--token LABEL | --serial HEX] [--cert-id HEX] [--module PATH] [--pin-fd N]
             [--commitment origin|receipt|delivery|sender|approval|creation] [--signer-location COUNTRY;LOCALITY] [--policy OID:HASH [--policy-uri URI]]
  sign FILE… --out FILE|FOLDER [--p12 FILE] [--tsa URL]… [--tsa-user NAME [--tsa-password-fd N]]
             [--tsa-cert FILE [--tsa-cert-password-fd N]] [--level B-B|B-T|B-LT|B-LTA]
             [--trust PEM]… [--reason TEXT]
             [--field NAME | --page N --rect X,Y,WIDTH,HEIGHT [--unit percent|pt] [--corner top-left|…]]
             [--image FILE] [--layout image-left|image-top|text-only|image-only] [--location TEXT] [--certify 1|2|3]
             [--mark-text TEXT] [--signer-role TEXT] [--rewrite] [--commitment origin|receipt|delivery|sender|approval|creation|OID]
             [--signer-location COUNTRY;LOCALITY;LINE…] [--policy OID:HASH [--policy-uri URI]]
             [--password-fd N] [--cades [--detached] [--content FILE]]   a folder stands for its PDFs; no profile is opened
  extend FILE… --level B-T|B-LT|B-LTA [--tsa URL]… [--tsa-user NAME [--tsa-password-fd N]] [--tsa-cert FILE …] [--trust PEM]… [--out FILE|FOLDER] [--password-fd N]
             [--content FILE]       raises what is signed, or renews it, where it lies unless --out is given; a message goes up to B-LT
  verify FILE [--content FILE] [--trust PEM]… [--at TIME] [--offline] [--password-fd N]
                                    the report on a signed PDF, or on a .p7m or .p7s; no profile is opened
  inspect FILE [--password-fd N]    revisions, encryption, fields, signatures, boxes of a PDF
  tokens [--watch] [--module PATH]  tokens and certificates; with --watch what comes and goes, a line each
  tokens diagnose [--module PATH]   where the way to a signature ends, and what to do
  tokens add-module PATH | remove-module PATH   a module of one's own; it is tried first
  tokens change-pin | unblock [--so] [--token LABEL | --serial HEX] [--module PATH] [--pin-fd N]
  decline ID --reason TEXT
  note ID --text TEXT
  fill ID --value DOCUMENT/FORM=TEXT …
  outbox [--retry ROW]              what waits to be delivered
  conflicts [list [--all]] | settle ID keep-copy|discard|sign-new-version|tell-sender [--text TEXT]
            | export ID --out FILE  what could not be delivered as it is, and what to do about it
  activity [ID] [--limit N]         each delivery, its time and its error
  devices [list] | pair --show | pair --challenge TEXT|--image FILE [--name NAME] [--yes]
  devices rename DEVICE NAME | revoke DEVICE   [--account ACCOUNT]   the devices a service trusts; pairing by QR
  export [ID…] --out FILE.zip [--fetch]   signed files as a zip; --fetch gets from the services what is not here
  authorities [list] | password URL --user NAME [--password-fd N] | certificate URL FILE.p12 [--password-fd N] | clear URL
                                    how the timestamp authorities of the settings are signed in to
  settings [set NAME VALUE…]
${stUsage}

  --profile FOLDER   another profile than the usual one      --json   for programs
  Exit codes: 0 done, 1 internal, 2 usage, 3 incomplete, 4 PIN, 5 token, 6 network, 7 input file, 8 profile, 9 not found`;
