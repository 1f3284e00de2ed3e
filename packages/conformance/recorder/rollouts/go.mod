// Marks the folder as a module. What is built comes from the go.mod of the Argo Rollouts release that is recorded: scripts/record.mjs writes it beside the binary.
module rollsync.dev/recorder/rollouts

go 1.20
