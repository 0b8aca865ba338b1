package race

import "math/rand/v2"

// The streams of random numbers that one seed gives. An epoch's stream is
// streamEpoch plus its number.
const (
	streamStart uint64 = 1 << 40
	streamEpoch uint64 = 1 << 41
)

func newRandom(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

// sampler deals the rows of the data in batches: an epoch is one permutation of
// all rows, which depends on the seed and the epoch's number alone, so lanes
// with one batch size see the same batches.
type sampler struct {
	seed     uint64
	source   rand.PCG
	random   *rand.Rand
	order    []int32
	epoch    uint64
	position int
}

func newSampler(examples int, seed uint64) *sampler {
	s := &sampler{seed: seed, order: make([]int32, examples)}
	s.random = rand.New(&s.source)
	s.reset()
	return s
}

func (s *sampler) reset() { s.epoch, s.position = 0, len(s.order) }

// next returns the rows of the next batch; the last of an epoch may be short.
// The slice is valid until the next call.
func (s *sampler) next(batch int) []int32 {
	if s.position == len(s.order) {
		s.shuffle()
	}
	end := min(s.position+batch, len(s.order))
	rows := s.order[s.position:end]
	s.position = end
	return rows
}

// epochEnds reports whether the last batch was an epoch's last.
func (s *sampler) epochEnds() bool { return s.position == len(s.order) }

func (s *sampler) shuffle() {
	for i := range s.order {
		s.order[i] = int32(i)
	}
	s.source.Seed(s.seed, streamEpoch+s.epoch)
	s.random.Shuffle(len(s.order), func(i, j int) {
		s.order[i], s.order[j] = s.order[j], s.order[i]
	})
	s.epoch++
	s.position = 0
}

// clone returns an independent copy at the same place.
func (s *sampler) clone() *sampler {
	copied := newSampler(len(s.order), s.seed)
	copy(copied.order, s.order)
	copied.epoch, copied.position = s.epoch, s.position
	return copied
}
