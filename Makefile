# The one thing here that is not built by node: the eBPF object of the agent. Everything else is
# `npm start` and `npm test`.

# Builds apps/ebpf-agent/bpf/levitate.bpf.o; needs clang 14 and llvm-strip.
bpf:
	$(MAKE) --no-print-directory -C apps/ebpf-agent/bpf levitate.bpf.o

# Builds it in a folder of its own and compares it with the committed one.
bpf-check:
	$(MAKE) --no-print-directory -C apps/ebpf-agent/bpf check

.PHONY: bpf bpf-check
