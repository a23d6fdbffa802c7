package org.warta.analysis;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.FilteringTokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.id.IndonesianAnalyzer;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.apache.lucene.analysis.email.UAX29URLEmailTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.elasticsearch.plugin.Inject;
import org.elasticsearch.plugin.NamedComponent;
import org.elasticsearch.plugin.analysis.AnalyzerFactory;
import org.elasticsearch.plugin.analysis.TokenFilterFactory;
import org.elasticsearch.plugin.analysis.TokenizerFactory;
import org.elasticsearch.plugin.settings.AnalysisSettings;
import org.elasticsearch.plugin.settings.BooleanSetting;
import org.elasticsearch.plugin.settings.ListSetting;

/**
 * What Warta's index and the security index need of the official module `analysis-common`, which the server
 * from Maven lacks: the same Lucene classes under the official names, so that one mapping fits both servers.
 */
public final class AnalysisPlugin {
    @NamedComponent("indonesian")
    public static final class Indonesian implements AnalyzerFactory {
        @Override public Analyzer create() { return new IndonesianAnalyzer(); }
    }

    @NamedComponent("english")
    public static final class English implements AnalyzerFactory {
        @Override public Analyzer create() { return new EnglishAnalyzer(); }
    }

    @NamedComponent("uax_url_email")
    public static final class UrlsAndEmails implements TokenizerFactory {
        @Override public Tokenizer create() { return new UAX29URLEmailTokenizer(); }
    }

    @NamedComponent("asciifolding")
    public static final class Folding implements TokenFilterFactory {
        @Override public TokenStream create(TokenStream input) { return new ASCIIFoldingFilter(input); }
        @Override public TokenStream normalize(TokenStream input) { return create(input); }
    }

    @NamedComponent("unique")
    public static final class Unique implements TokenFilterFactory {
        @Override public TokenStream create(TokenStream input) { return new FirstOccurrences(input); }
    }

    @AnalysisSettings
    public interface PatternSettings {
        @ListSetting(path = "patterns") List<String> patterns();
        @BooleanSetting(path = "preserve_original", defaultValue = true) boolean keepsOriginal();
    }

    @NamedComponent("pattern_capture")
    public static final class PatternCapture implements TokenFilterFactory {
        private final boolean keepsOriginal;
        private final Pattern[] patterns;

        @Inject
        public PatternCapture(PatternSettings settings) {
            keepsOriginal = settings.keepsOriginal();
            patterns = settings.patterns().stream().map(Pattern::compile).toArray(Pattern[]::new);
        }

        @Override public TokenStream create(TokenStream input) {
            return new PatternCaptureGroupTokenFilter(input, keepsOriginal, patterns);
        }
    }

    /** Each word once, the first time it occurs. */
    private static final class FirstOccurrences extends FilteringTokenFilter {
        private final CharTermAttribute word = addAttribute(CharTermAttribute.class);
        private final Set<String> seen = new HashSet<>();

        private FirstOccurrences(TokenStream input) { super(input); }

        @Override protected boolean accept() { return seen.add(word.toString()); }

        @Override public void reset() throws java.io.IOException {
            super.reset();
            seen.clear();
        }
    }
}
